'''Titles, from the names of the passengers.'''
RARE = { 'Dr':'Other','Rev':'Other', "Col" : "Other",
  'Mlle':'Miss', 'Ms':'Miss','Mme':'Mrs' }

def title_of( name ):
    '''From "Surname, Title. First names" to "Title".'''
    title=name.split(',')[1].split('.')[0].strip( )
    return RARE.get( title,title )
def titles_of(names) :
    """The title of each."""
    return [ title_of(name)
        for name in names ]

def count(titles):
  """How often each one is met."""
  counts={}
  for title in titles :
      counts[ title ]=counts.get(title,0)+1   # the first one counts too
  return counts
