"""What granian loads in each of its workers: the site, with the watch that ends the process when asked."""

from sachhon.site.leaving import Leaving
from sachhon.site.wsgi import application as site

application = Leaving(site).watch()
