require ["fileinto", "vnd.cyrus.jmapquery"];

# Feed: the sender is in the group Feed
if jmapquery text:
{"fromContactGroupId":"uid-of-Feed"}
.
{
  fileinto "Feed";
}

# Paper Trail: the sender is in the group Paper Trail
if jmapquery text:
{"fromContactGroupId":"uid-of-Paper-Trail"}
.
{
  fileinto "Paper Trail";
}

# Jail: the sender is in the group Jail
if jmapquery text:
{"fromContactGroupId":"uid-of-Jail"}
.
{
  fileinto "Jail";
}

# Screener: the sender is no contact
if not jmapquery text:
{"fromAnyContact":true}
.
{
  fileinto "Screener";
}
