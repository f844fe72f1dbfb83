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

# Feed: the sender's domain is in the group Feed domains, and the sender has no verdict of its own
if jmapquery text:
{"operator":"AND","conditions":[{"fromContactGroupId":"uid-of-Feed-domains"},{"operator":"NOT","conditions":[{"fromContactGroupId":"uid-of-Imbox"},{"fromContactGroupId":"uid-of-Feed"},{"fromContactGroupId":"uid-of-Paper-Trail"},{"fromContactGroupId":"uid-of-Jail"}]}]}
.
{
  fileinto "Feed";
}

# Paper Trail: the sender's domain is in the group Paper Trail domains, and the sender has no verdict of its own
if jmapquery text:
{"operator":"AND","conditions":[{"fromContactGroupId":"uid-of-Paper-Trail-domains"},{"operator":"NOT","conditions":[{"fromContactGroupId":"uid-of-Imbox"},{"fromContactGroupId":"uid-of-Feed"},{"fromContactGroupId":"uid-of-Paper-Trail"},{"fromContactGroupId":"uid-of-Jail"}]}]}
.
{
  fileinto "Paper Trail";
}

# Jail: the sender's domain is in the group Jail domains, and the sender has no verdict of its own
if jmapquery text:
{"operator":"AND","conditions":[{"fromContactGroupId":"uid-of-Jail-domains"},{"operator":"NOT","conditions":[{"fromContactGroupId":"uid-of-Imbox"},{"fromContactGroupId":"uid-of-Feed"},{"fromContactGroupId":"uid-of-Paper-Trail"},{"fromContactGroupId":"uid-of-Jail"}]}]}
.
{
  fileinto "Jail";
}

# Screener: the sender is no contact
if not jmapquery text:
{"operator":"OR","conditions":[{"fromAnyContact":true},{"fromContactGroupId":"uid-of-Imbox-domains"},{"fromContactGroupId":"uid-of-Feed-domains"},{"fromContactGroupId":"uid-of-Paper-Trail-domains"},{"fromContactGroupId":"uid-of-Jail-domains"}]}
.
{
  fileinto "Screener";
}
