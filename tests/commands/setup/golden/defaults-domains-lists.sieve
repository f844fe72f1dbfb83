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

# Feed: it came by a list in the group Feed lists, and its sender has no verdict
if jmapquery text:
{"operator":"AND","conditions":[{"operator":"AND","conditions":[{"operator":"OR","conditions":[{"toContactGroupId":"uid-of-Feed-lists"},{"ccContactGroupId":"uid-of-Feed-lists"}]},{"operator":"OR","conditions":[{"header":["List-Post"]},{"header":["List-Id"]}]}]},{"operator":"NOT","conditions":[{"fromContactGroupId":"uid-of-Imbox"},{"fromContactGroupId":"uid-of-Feed"},{"fromContactGroupId":"uid-of-Paper-Trail"},{"fromContactGroupId":"uid-of-Jail"},{"fromContactGroupId":"uid-of-Imbox-domains"},{"fromContactGroupId":"uid-of-Feed-domains"},{"fromContactGroupId":"uid-of-Paper-Trail-domains"},{"fromContactGroupId":"uid-of-Jail-domains"},{"operator":"AND","conditions":[{"operator":"OR","conditions":[{"toContactGroupId":"uid-of-Imbox-lists"},{"ccContactGroupId":"uid-of-Imbox-lists"}]},{"operator":"OR","conditions":[{"header":["List-Post"]},{"header":["List-Id"]}]}]}]}]}
.
{
  fileinto "Feed";
}

# Paper Trail: it came by a list in the group Paper Trail lists, and its sender has no verdict
if jmapquery text:
{"operator":"AND","conditions":[{"operator":"AND","conditions":[{"operator":"OR","conditions":[{"toContactGroupId":"uid-of-Paper-Trail-lists"},{"ccContactGroupId":"uid-of-Paper-Trail-lists"}]},{"operator":"OR","conditions":[{"header":["List-Post"]},{"header":["List-Id"]}]}]},{"operator":"NOT","conditions":[{"fromContactGroupId":"uid-of-Imbox"},{"fromContactGroupId":"uid-of-Feed"},{"fromContactGroupId":"uid-of-Paper-Trail"},{"fromContactGroupId":"uid-of-Jail"},{"fromContactGroupId":"uid-of-Imbox-domains"},{"fromContactGroupId":"uid-of-Feed-domains"},{"fromContactGroupId":"uid-of-Paper-Trail-domains"},{"fromContactGroupId":"uid-of-Jail-domains"},{"operator":"AND","conditions":[{"operator":"OR","conditions":[{"toContactGroupId":"uid-of-Imbox-lists"},{"ccContactGroupId":"uid-of-Imbox-lists"},{"toContactGroupId":"uid-of-Feed-lists"},{"ccContactGroupId":"uid-of-Feed-lists"}]},{"operator":"OR","conditions":[{"header":["List-Post"]},{"header":["List-Id"]}]}]}]}]}
.
{
  fileinto "Paper Trail";
}

# Jail: it came by a list in the group Jail lists, and its sender has no verdict
if jmapquery text:
{"operator":"AND","conditions":[{"operator":"AND","conditions":[{"operator":"OR","conditions":[{"toContactGroupId":"uid-of-Jail-lists"},{"ccContactGroupId":"uid-of-Jail-lists"}]},{"operator":"OR","conditions":[{"header":["List-Post"]},{"header":["List-Id"]}]}]},{"operator":"NOT","conditions":[{"fromContactGroupId":"uid-of-Imbox"},{"fromContactGroupId":"uid-of-Feed"},{"fromContactGroupId":"uid-of-Paper-Trail"},{"fromContactGroupId":"uid-of-Jail"},{"fromContactGroupId":"uid-of-Imbox-domains"},{"fromContactGroupId":"uid-of-Feed-domains"},{"fromContactGroupId":"uid-of-Paper-Trail-domains"},{"fromContactGroupId":"uid-of-Jail-domains"},{"operator":"AND","conditions":[{"operator":"OR","conditions":[{"toContactGroupId":"uid-of-Imbox-lists"},{"ccContactGroupId":"uid-of-Imbox-lists"},{"toContactGroupId":"uid-of-Feed-lists"},{"ccContactGroupId":"uid-of-Feed-lists"},{"toContactGroupId":"uid-of-Paper-Trail-lists"},{"ccContactGroupId":"uid-of-Paper-Trail-lists"}]},{"operator":"OR","conditions":[{"header":["List-Post"]},{"header":["List-Id"]}]}]}]}]}
.
{
  fileinto "Jail";
}

# Screener: the sender is where a list in the group Imbox lists is posted to
if jmapquery text:
{"operator":"AND","conditions":[{"fromContactGroupId":"uid-of-Imbox-lists"},{"operator":"NOT","conditions":[{"fromContactGroupId":"uid-of-Imbox"},{"fromContactGroupId":"uid-of-Feed"},{"fromContactGroupId":"uid-of-Paper-Trail"},{"fromContactGroupId":"uid-of-Jail"},{"fromContactGroupId":"uid-of-Imbox-domains"},{"fromContactGroupId":"uid-of-Feed-domains"},{"fromContactGroupId":"uid-of-Paper-Trail-domains"},{"fromContactGroupId":"uid-of-Jail-domains"},{"operator":"AND","conditions":[{"operator":"OR","conditions":[{"toContactGroupId":"uid-of-Imbox-lists"},{"ccContactGroupId":"uid-of-Imbox-lists"},{"toContactGroupId":"uid-of-Feed-lists"},{"ccContactGroupId":"uid-of-Feed-lists"},{"toContactGroupId":"uid-of-Paper-Trail-lists"},{"ccContactGroupId":"uid-of-Paper-Trail-lists"},{"toContactGroupId":"uid-of-Jail-lists"},{"ccContactGroupId":"uid-of-Jail-lists"}]},{"operator":"OR","conditions":[{"header":["List-Post"]},{"header":["List-Id"]}]}]}]}]}
.
{
  fileinto "Screener";
}

# Screener: the sender is where a list in the group Feed lists is posted to
if jmapquery text:
{"operator":"AND","conditions":[{"fromContactGroupId":"uid-of-Feed-lists"},{"operator":"NOT","conditions":[{"fromContactGroupId":"uid-of-Imbox"},{"fromContactGroupId":"uid-of-Feed"},{"fromContactGroupId":"uid-of-Paper-Trail"},{"fromContactGroupId":"uid-of-Jail"},{"fromContactGroupId":"uid-of-Imbox-domains"},{"fromContactGroupId":"uid-of-Feed-domains"},{"fromContactGroupId":"uid-of-Paper-Trail-domains"},{"fromContactGroupId":"uid-of-Jail-domains"},{"operator":"AND","conditions":[{"operator":"OR","conditions":[{"toContactGroupId":"uid-of-Imbox-lists"},{"ccContactGroupId":"uid-of-Imbox-lists"},{"toContactGroupId":"uid-of-Feed-lists"},{"ccContactGroupId":"uid-of-Feed-lists"},{"toContactGroupId":"uid-of-Paper-Trail-lists"},{"ccContactGroupId":"uid-of-Paper-Trail-lists"},{"toContactGroupId":"uid-of-Jail-lists"},{"ccContactGroupId":"uid-of-Jail-lists"}]},{"operator":"OR","conditions":[{"header":["List-Post"]},{"header":["List-Id"]}]}]}]}]}
.
{
  fileinto "Screener";
}

# Screener: the sender is where a list in the group Paper Trail lists is posted to
if jmapquery text:
{"operator":"AND","conditions":[{"fromContactGroupId":"uid-of-Paper-Trail-lists"},{"operator":"NOT","conditions":[{"fromContactGroupId":"uid-of-Imbox"},{"fromContactGroupId":"uid-of-Feed"},{"fromContactGroupId":"uid-of-Paper-Trail"},{"fromContactGroupId":"uid-of-Jail"},{"fromContactGroupId":"uid-of-Imbox-domains"},{"fromContactGroupId":"uid-of-Feed-domains"},{"fromContactGroupId":"uid-of-Paper-Trail-domains"},{"fromContactGroupId":"uid-of-Jail-domains"},{"operator":"AND","conditions":[{"operator":"OR","conditions":[{"toContactGroupId":"uid-of-Imbox-lists"},{"ccContactGroupId":"uid-of-Imbox-lists"},{"toContactGroupId":"uid-of-Feed-lists"},{"ccContactGroupId":"uid-of-Feed-lists"},{"toContactGroupId":"uid-of-Paper-Trail-lists"},{"ccContactGroupId":"uid-of-Paper-Trail-lists"},{"toContactGroupId":"uid-of-Jail-lists"},{"ccContactGroupId":"uid-of-Jail-lists"}]},{"operator":"OR","conditions":[{"header":["List-Post"]},{"header":["List-Id"]}]}]}]}]}
.
{
  fileinto "Screener";
}

# Screener: the sender is where a list in the group Jail lists is posted to
if jmapquery text:
{"operator":"AND","conditions":[{"fromContactGroupId":"uid-of-Jail-lists"},{"operator":"NOT","conditions":[{"fromContactGroupId":"uid-of-Imbox"},{"fromContactGroupId":"uid-of-Feed"},{"fromContactGroupId":"uid-of-Paper-Trail"},{"fromContactGroupId":"uid-of-Jail"},{"fromContactGroupId":"uid-of-Imbox-domains"},{"fromContactGroupId":"uid-of-Feed-domains"},{"fromContactGroupId":"uid-of-Paper-Trail-domains"},{"fromContactGroupId":"uid-of-Jail-domains"},{"operator":"AND","conditions":[{"operator":"OR","conditions":[{"toContactGroupId":"uid-of-Imbox-lists"},{"ccContactGroupId":"uid-of-Imbox-lists"},{"toContactGroupId":"uid-of-Feed-lists"},{"ccContactGroupId":"uid-of-Feed-lists"},{"toContactGroupId":"uid-of-Paper-Trail-lists"},{"ccContactGroupId":"uid-of-Paper-Trail-lists"},{"toContactGroupId":"uid-of-Jail-lists"},{"ccContactGroupId":"uid-of-Jail-lists"}]},{"operator":"OR","conditions":[{"header":["List-Post"]},{"header":["List-Id"]}]}]}]}]}
.
{
  fileinto "Screener";
}

# Screener: the sender is no contact
if not jmapquery text:
{"operator":"OR","conditions":[{"fromAnyContact":true},{"fromContactGroupId":"uid-of-Imbox-domains"},{"fromContactGroupId":"uid-of-Feed-domains"},{"fromContactGroupId":"uid-of-Paper-Trail-domains"},{"fromContactGroupId":"uid-of-Jail-domains"},{"operator":"AND","conditions":[{"operator":"OR","conditions":[{"toContactGroupId":"uid-of-Imbox-lists"},{"ccContactGroupId":"uid-of-Imbox-lists"},{"toContactGroupId":"uid-of-Feed-lists"},{"ccContactGroupId":"uid-of-Feed-lists"},{"toContactGroupId":"uid-of-Paper-Trail-lists"},{"ccContactGroupId":"uid-of-Paper-Trail-lists"},{"toContactGroupId":"uid-of-Jail-lists"},{"ccContactGroupId":"uid-of-Jail-lists"}]},{"operator":"OR","conditions":[{"header":["List-Post"]},{"header":["List-Id"]}]}]}]}
.
{
  fileinto "Screener";
}
