require ["fileinto", "vnd.cyrus.jmapquery"];

# Feed: the sender is in the group Feed and not in VIP Feed
if jmapquery text:
{"operator":"AND","conditions":[{"fromContactGroupId":"uid-of-Feed"},{"operator":"NOT","conditions":[{"fromContactGroupId":"uid-of-VIP-Feed"}]}]}
.
{
  fileinto "Feed";
}

# VIP Feed: the sender is in the group VIP Feed and not in Quiet
if jmapquery text:
{"operator":"AND","conditions":[{"fromContactGroupId":"uid-of-VIP-Feed"},{"operator":"NOT","conditions":[{"fromContactGroupId":"uid-of-Quiet"}]}]}
.
{
  fileinto "VIP Feed";
  fileinto "Feed";
  keep;
}

# Quiet: the sender is in the group Quiet
if jmapquery text:
{"fromContactGroupId":"uid-of-Quiet"}
.
{
  fileinto "Quiet";
  fileinto "VIP Feed";
  fileinto "Feed";
}

# Screener: the sender is no contact
if not jmapquery text:
{"fromAnyContact":true}
.
{
  fileinto "Screener";
}
