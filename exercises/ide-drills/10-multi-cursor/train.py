#!/usr/bin/env python
# coding: utf-8

# In[192]:


import pandas as pd


# In[2]:


passengers = pd.DataFrame({"Fare": [7.25, 512.33, 8.05], "SibSp": [1, 0, 0], "Parch": [0, 1, 0]})


# In[3]:


# In 1912 a pound had twenty shillings
SHILLINGS = 20


# In[5]:


passengers["FamilySize"] = passengers["SibSp"] + passengers["Parch"] + 1


# In[6]:


passengers["IsAlone"] = (passengers["FamilySize"] == 1).astype(int)


# In[9]:


passengers["FarePerPerson"] = passengers["Fare"] / passengers["FamilySize"]


# In[ ]:


alone = int(passengers["IsAlone"].sum())
