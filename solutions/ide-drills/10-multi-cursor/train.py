#!/usr/bin/env python
# coding: utf-8




import pandas as pd





passengers = pd.DataFrame({"Fare": [7.25, 512.33, 8.05], "SibSp": [1, 0, 0], "Parch": [0, 1, 0]})





# In 1912 a pound had twenty shillings
SHILLINGS = 20





passengers["FamilySize"] = passengers["SibSp"] + passengers["Parch"] + 1





passengers["IsAlone"] = (passengers["FamilySize"] == 1).astype(int)





passengers["FarePerPerson"] = passengers["Fare"] / passengers["FamilySize"]





alone = int(passengers["IsAlone"].sum())
