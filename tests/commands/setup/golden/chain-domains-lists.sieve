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

# Feed: the sender's domain is in the group Feed domains, and the sender has no verdict of its own
if jmapquery text:
{"operator":"AND","conditions":[{"fromContactGroupId":"uid-of-Feed-domains"},{"operator":"NOT","conditions":[{"fromContactGroupId":"uid-of-VIP-Feed-domains"},{"fromContactGroupId":"uid-of-Imbox"},{"fromContactGroupId":"uid-of-Feed"},{"fromContactGroupId":"uid-of-VIP-Feed"},{"fromContactGroupId":"uid-of-Quiet"}]}]}
.
{
  fileinto "Feed";
}

# VIP Feed: the sender's domain is in the group VIP Feed domains, and the sender has no verdict of its own
if jmapquery text:
{"operator":"AND","conditions":[{"fromContactGroupId":"uid-of-VIP-Feed-domains"},{"operator":"NOT","conditions":[{"fromContactGroupId":"uid-of-Quiet-domains"},{"fromContactGroupId":"uid-of-Imbox"},{"fromContactGroupId":"uid-of-Feed"},{"fromContactGroupId":"uid-of-VIP-Feed"},{"fromContactGroupId":"uid-of-Quiet"}]}]}
.
{
  fileinto "VIP Feed";
  fileinto "Feed";
  keep;
}

# Quiet: the sender's domain is in the group Quiet domains, and the sender has no verdict of its own
if jmapquery text:
{"operator":"AND","conditions":[{"fromContactGroupId":"uid-of-Quiet-domains"},{"operator":"NOT","conditions":[{"fromContactGroupId":"uid-of-Imbox"},{"fromContactGroupId":"uid-of-Feed"},{"fromContactGroupId":"uid-of-VIP-Feed"},{"fromContactGroupId":"uid-of-Quiet"}]}]}
.
{
  fileinto "Quiet";
  fileinto "VIP Feed";
  fileinto "Feed";
}

# Feed: it came by a list in the group Feed lists, and its sender has no verdict
if jmapquery text:
{"operator":"AND","conditions":[{"operator":"AND","conditions":[{"operator":"OR","conditions":[{"toContactGroupId":"uid-of-Feed-lists"},{"ccContactGroupId":"uid-of-Feed-lists"}]},{"operator":"OR","conditions":[{"header":["List-Post"]},{"header":["List-Id"]}]}]},{"operator":"NOT","conditions":[{"fromContactGroupId":"uid-of-Imbox"},{"fromContactGroupId":"uid-of-Feed"},{"fromContactGroupId":"uid-of-VIP-Feed"},{"fromContactGroupId":"uid-of-Quiet"},{"fromContactGroupId":"uid-of-Imbox-domains"},{"fromContactGroupId":"uid-of-Feed-domains"},{"fromContactGroupId":"uid-of-VIP-Feed-domains"},{"fromContactGroupId":"uid-of-Quiet-domains"},{"operator":"AND","conditions":[{"operator":"OR","conditions":[{"toContactGroupId":"uid-of-Imbox-lists"},{"ccContactGroupId":"uid-of-Imbox-lists"},{"toContactGroupId":"uid-of-VIP-Feed-lists"},{"ccContactGroupId":"uid-of-VIP-Feed-lists"}]},{"operator":"OR","conditions":[{"header":["List-Post"]},{"header":["List-Id"]}]}]}]}]}
.
{
  fileinto "Feed";
}

# VIP Feed: it came by a list in the group VIP Feed lists, and its sender has no verdict
if jmapquery text:
{"operator":"AND","conditions":[{"operator":"AND","conditions":[{"operator":"OR","conditions":[{"toContactGroupId":"uid-of-VIP-Feed-lists"},{"ccContactGroupId":"uid-of-VIP-Feed-lists"}]},{"operator":"OR","conditions":[{"header":["List-Post"]},{"header":["List-Id"]}]}]},{"operator":"NOT","conditions":[{"fromContactGroupId":"uid-of-Imbox"},{"fromContactGroupId":"uid-of-Feed"},{"fromContactGroupId":"uid-of-VIP-Feed"},{"fromContactGroupId":"uid-of-Quiet"},{"fromContactGroupId":"uid-of-Imbox-domains"},{"fromContactGroupId":"uid-of-Feed-domains"},{"fromContactGroupId":"uid-of-VIP-Feed-domains"},{"fromContactGroupId":"uid-of-Quiet-domains"},{"operator":"AND","conditions":[{"operator":"OR","conditions":[{"toContactGroupId":"uid-of-Imbox-lists"},{"ccContactGroupId":"uid-of-Imbox-lists"},{"toContactGroupId":"uid-of-Quiet-lists"},{"ccContactGroupId":"uid-of-Quiet-lists"}]},{"operator":"OR","conditions":[{"header":["List-Post"]},{"header":["List-Id"]}]}]}]}]}
.
{
  fileinto "VIP Feed";
  fileinto "Feed";
  keep;
}

# Quiet: it came by a list in the group Quiet lists, and its sender has no verdict
if jmapquery text:
{"operator":"AND","conditions":[{"operator":"AND","conditions":[{"operator":"OR","conditions":[{"toContactGroupId":"uid-of-Quiet-lists"},{"ccContactGroupId":"uid-of-Quiet-lists"}]},{"operator":"OR","conditions":[{"header":["List-Post"]},{"header":["List-Id"]}]}]},{"operator":"NOT","conditions":[{"fromContactGroupId":"uid-of-Imbox"},{"fromContactGroupId":"uid-of-Feed"},{"fromContactGroupId":"uid-of-VIP-Feed"},{"fromContactGroupId":"uid-of-Quiet"},{"fromContactGroupId":"uid-of-Imbox-domains"},{"fromContactGroupId":"uid-of-Feed-domains"},{"fromContactGroupId":"uid-of-VIP-Feed-domains"},{"fromContactGroupId":"uid-of-Quiet-domains"},{"operator":"AND","conditions":[{"operator":"OR","conditions":[{"toContactGroupId":"uid-of-Imbox-lists"},{"ccContactGroupId":"uid-of-Imbox-lists"}]},{"operator":"OR","conditions":[{"header":["List-Post"]},{"header":["List-Id"]}]}]}]}]}
.
{
  fileinto "Quiet";
  fileinto "VIP Feed";
  fileinto "Feed";
}

# Screener: the sender is where a list in the group Imbox lists is posted to
if jmapquery text:
{"operator":"AND","conditions":[{"fromContactGroupId":"uid-of-Imbox-lists"},{"operator":"NOT","conditions":[{"fromContactGroupId":"uid-of-Imbox"},{"fromContactGroupId":"uid-of-Feed"},{"fromContactGroupId":"uid-of-VIP-Feed"},{"fromContactGroupId":"uid-of-Quiet"},{"fromContactGroupId":"uid-of-Imbox-domains"},{"fromContactGroupId":"uid-of-Feed-domains"},{"fromContactGroupId":"uid-of-VIP-Feed-domains"},{"fromContactGroupId":"uid-of-Quiet-domains"},{"operator":"AND","conditions":[{"operator":"OR","conditions":[{"toContactGroupId":"uid-of-Imbox-lists"},{"ccContactGroupId":"uid-of-Imbox-lists"},{"toContactGroupId":"uid-of-Feed-lists"},{"ccContactGroupId":"uid-of-Feed-lists"},{"toContactGroupId":"uid-of-VIP-Feed-lists"},{"ccContactGroupId":"uid-of-VIP-Feed-lists"},{"toContactGroupId":"uid-of-Quiet-lists"},{"ccContactGroupId":"uid-of-Quiet-lists"}]},{"operator":"OR","conditions":[{"header":["List-Post"]},{"header":["List-Id"]}]}]}]}]}
.
{
  fileinto "Screener";
}

# Screener: the sender is where a list in the group Feed lists is posted to
if jmapquery text:
{"operator":"AND","conditions":[{"fromContactGroupId":"uid-of-Feed-lists"},{"operator":"NOT","conditions":[{"fromContactGroupId":"uid-of-Imbox"},{"fromContactGroupId":"uid-of-Feed"},{"fromContactGroupId":"uid-of-VIP-Feed"},{"fromContactGroupId":"uid-of-Quiet"},{"fromContactGroupId":"uid-of-Imbox-domains"},{"fromContactGroupId":"uid-of-Feed-domains"},{"fromContactGroupId":"uid-of-VIP-Feed-domains"},{"fromContactGroupId":"uid-of-Quiet-domains"},{"operator":"AND","conditions":[{"operator":"OR","conditions":[{"toContactGroupId":"uid-of-Imbox-lists"},{"ccContactGroupId":"uid-of-Imbox-lists"},{"toContactGroupId":"uid-of-Feed-lists"},{"ccContactGroupId":"uid-of-Feed-lists"},{"toContactGroupId":"uid-of-VIP-Feed-lists"},{"ccContactGroupId":"uid-of-VIP-Feed-lists"},{"toContactGroupId":"uid-of-Quiet-lists"},{"ccContactGroupId":"uid-of-Quiet-lists"}]},{"operator":"OR","conditions":[{"header":["List-Post"]},{"header":["List-Id"]}]}]}]}]}
.
{
  fileinto "Screener";
}

# Screener: the sender is where a list in the group VIP Feed lists is posted to
if jmapquery text:
{"operator":"AND","conditions":[{"fromContactGroupId":"uid-of-VIP-Feed-lists"},{"operator":"NOT","conditions":[{"fromContactGroupId":"uid-of-Imbox"},{"fromContactGroupId":"uid-of-Feed"},{"fromContactGroupId":"uid-of-VIP-Feed"},{"fromContactGroupId":"uid-of-Quiet"},{"fromContactGroupId":"uid-of-Imbox-domains"},{"fromContactGroupId":"uid-of-Feed-domains"},{"fromContactGroupId":"uid-of-VIP-Feed-domains"},{"fromContactGroupId":"uid-of-Quiet-domains"},{"operator":"AND","conditions":[{"operator":"OR","conditions":[{"toContactGroupId":"uid-of-Imbox-lists"},{"ccContactGroupId":"uid-of-Imbox-lists"},{"toContactGroupId":"uid-of-Feed-lists"},{"ccContactGroupId":"uid-of-Feed-lists"},{"toContactGroupId":"uid-of-VIP-Feed-lists"},{"ccContactGroupId":"uid-of-VIP-Feed-lists"},{"toContactGroupId":"uid-of-Quiet-lists"},{"ccContactGroupId":"uid-of-Quiet-lists"}]},{"operator":"OR","conditions":[{"header":["List-Post"]},{"header":["List-Id"]}]}]}]}]}
.
{
  fileinto "Screener";
}

# Screener: the sender is where a list in the group Quiet lists is posted to
if jmapquery text:
{"operator":"AND","conditions":[{"fromContactGroupId":"uid-of-Quiet-lists"},{"operator":"NOT","conditions":[{"fromContactGroupId":"uid-of-Imbox"},{"fromContactGroupId":"uid-of-Feed"},{"fromContactGroupId":"uid-of-VIP-Feed"},{"fromContactGroupId":"uid-of-Quiet"},{"fromContactGroupId":"uid-of-Imbox-domains"},{"fromContactGroupId":"uid-of-Feed-domains"},{"fromContactGroupId":"uid-of-VIP-Feed-domains"},{"fromContactGroupId":"uid-of-Quiet-domains"},{"operator":"AND","conditions":[{"operator":"OR","conditions":[{"toContactGroupId":"uid-of-Imbox-lists"},{"ccContactGroupId":"uid-of-Imbox-lists"},{"toContactGroupId":"uid-of-Feed-lists"},{"ccContactGroupId":"uid-of-Feed-lists"},{"toContactGroupId":"uid-of-VIP-Feed-lists"},{"ccContactGroupId":"uid-of-VIP-Feed-lists"},{"toContactGroupId":"uid-of-Quiet-lists"},{"ccContactGroupId":"uid-of-Quiet-lists"}]},{"operator":"OR","conditions":[{"header":["List-Post"]},{"header":["List-Id"]}]}]}]}]}
.
{
  fileinto "Screener";
}

# Screener: the sender is no contact
if not jmapquery text:
{"operator":"OR","conditions":[{"fromAnyContact":true},{"fromContactGroupId":"uid-of-Imbox-domains"},{"fromContactGroupId":"uid-of-Feed-domains"},{"fromContactGroupId":"uid-of-VIP-Feed-domains"},{"fromContactGroupId":"uid-of-Quiet-domains"},{"operator":"AND","conditions":[{"operator":"OR","conditions":[{"toContactGroupId":"uid-of-Imbox-lists"},{"ccContactGroupId":"uid-of-Imbox-lists"},{"toContactGroupId":"uid-of-Feed-lists"},{"ccContactGroupId":"uid-of-Feed-lists"},{"toContactGroupId":"uid-of-VIP-Feed-lists"},{"ccContactGroupId":"uid-of-VIP-Feed-lists"},{"toContactGroupId":"uid-of-Quiet-lists"},{"ccContactGroupId":"uid-of-Quiet-lists"}]},{"operator":"OR","conditions":[{"header":["List-Post"]},{"header":["List-Id"]}]}]}]}
.
{
  fileinto "Screener";
}
