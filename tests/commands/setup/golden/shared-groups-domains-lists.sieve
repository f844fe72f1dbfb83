require ["fileinto", "vnd.cyrus.jmapquery"];

# Feed: the sender is in the group Feed and not in News
if jmapquery text:
{"operator":"AND","conditions":[{"fromContactGroupId":"uid-of-Feed"},{"operator":"NOT","conditions":[{"fromContactGroupId":"uid-of-News"}]}]}
.
{
  fileinto "Feed";
}

# News: the sender is in the group News
if jmapquery text:
{"fromContactGroupId":"uid-of-News"}
.
{
  fileinto "News";
  fileinto "Feed";
  keep;
}

# Work: the sender's domain is in the group Work domains, and the sender has no verdict of its own
if jmapquery text:
{"operator":"AND","conditions":[{"fromContactGroupId":"uid-of-Work-domains"},{"operator":"NOT","conditions":[{"fromContactGroupId":"uid-of-Imbox"},{"fromContactGroupId":"uid-of-Feed"},{"fromContactGroupId":"uid-of-News"}]}]}
.
{
  fileinto "Work";
  keep;
}

# Feed: the sender's domain is in the group Feed domains, and the sender has no verdict of its own
if jmapquery text:
{"operator":"AND","conditions":[{"fromContactGroupId":"uid-of-Feed-domains"},{"operator":"NOT","conditions":[{"fromContactGroupId":"uid-of-Imbox"},{"fromContactGroupId":"uid-of-Feed"},{"fromContactGroupId":"uid-of-News"}]}]}
.
{
  fileinto "Feed";
}

# Work: it came by a list in the group Work lists, and its sender has no verdict
if jmapquery text:
{"operator":"AND","conditions":[{"operator":"AND","conditions":[{"operator":"OR","conditions":[{"toContactGroupId":"uid-of-Work-lists"},{"ccContactGroupId":"uid-of-Work-lists"}]},{"operator":"OR","conditions":[{"header":["List-Post"]},{"header":["List-Id"]}]}]},{"operator":"NOT","conditions":[{"fromContactGroupId":"uid-of-Imbox"},{"fromContactGroupId":"uid-of-Feed"},{"fromContactGroupId":"uid-of-News"},{"fromContactGroupId":"uid-of-Imbox-domains"},{"fromContactGroupId":"uid-of-Work-domains"},{"fromContactGroupId":"uid-of-Feed-domains"}]}]}
.
{
  fileinto "Work";
  keep;
}

# Feed: it came by a list in the group Feed lists, and its sender has no verdict
if jmapquery text:
{"operator":"AND","conditions":[{"operator":"AND","conditions":[{"operator":"OR","conditions":[{"toContactGroupId":"uid-of-Feed-lists"},{"ccContactGroupId":"uid-of-Feed-lists"}]},{"operator":"OR","conditions":[{"header":["List-Post"]},{"header":["List-Id"]}]}]},{"operator":"NOT","conditions":[{"fromContactGroupId":"uid-of-Imbox"},{"fromContactGroupId":"uid-of-Feed"},{"fromContactGroupId":"uid-of-News"},{"fromContactGroupId":"uid-of-Imbox-domains"},{"fromContactGroupId":"uid-of-Work-domains"},{"fromContactGroupId":"uid-of-Feed-domains"},{"operator":"AND","conditions":[{"operator":"OR","conditions":[{"toContactGroupId":"uid-of-Imbox-lists"},{"ccContactGroupId":"uid-of-Imbox-lists"}]},{"operator":"OR","conditions":[{"header":["List-Post"]},{"header":["List-Id"]}]}]}]}]}
.
{
  fileinto "Feed";
}

# Screener: the sender is where a list in the group Imbox lists is posted to
if jmapquery text:
{"operator":"AND","conditions":[{"fromContactGroupId":"uid-of-Imbox-lists"},{"operator":"NOT","conditions":[{"fromContactGroupId":"uid-of-Imbox"},{"fromContactGroupId":"uid-of-Feed"},{"fromContactGroupId":"uid-of-News"},{"fromContactGroupId":"uid-of-Imbox-domains"},{"fromContactGroupId":"uid-of-Work-domains"},{"fromContactGroupId":"uid-of-Feed-domains"},{"operator":"AND","conditions":[{"operator":"OR","conditions":[{"toContactGroupId":"uid-of-Imbox-lists"},{"ccContactGroupId":"uid-of-Imbox-lists"},{"toContactGroupId":"uid-of-Work-lists"},{"ccContactGroupId":"uid-of-Work-lists"},{"toContactGroupId":"uid-of-Feed-lists"},{"ccContactGroupId":"uid-of-Feed-lists"}]},{"operator":"OR","conditions":[{"header":["List-Post"]},{"header":["List-Id"]}]}]}]}]}
.
{
  fileinto "Screener";
}

# Screener: the sender is where a list in the group Work lists is posted to
if jmapquery text:
{"operator":"AND","conditions":[{"fromContactGroupId":"uid-of-Work-lists"},{"operator":"NOT","conditions":[{"fromContactGroupId":"uid-of-Imbox"},{"fromContactGroupId":"uid-of-Feed"},{"fromContactGroupId":"uid-of-News"},{"fromContactGroupId":"uid-of-Imbox-domains"},{"fromContactGroupId":"uid-of-Work-domains"},{"fromContactGroupId":"uid-of-Feed-domains"},{"operator":"AND","conditions":[{"operator":"OR","conditions":[{"toContactGroupId":"uid-of-Imbox-lists"},{"ccContactGroupId":"uid-of-Imbox-lists"},{"toContactGroupId":"uid-of-Work-lists"},{"ccContactGroupId":"uid-of-Work-lists"},{"toContactGroupId":"uid-of-Feed-lists"},{"ccContactGroupId":"uid-of-Feed-lists"}]},{"operator":"OR","conditions":[{"header":["List-Post"]},{"header":["List-Id"]}]}]}]}]}
.
{
  fileinto "Screener";
}

# Screener: the sender is where a list in the group Feed lists is posted to
if jmapquery text:
{"operator":"AND","conditions":[{"fromContactGroupId":"uid-of-Feed-lists"},{"operator":"NOT","conditions":[{"fromContactGroupId":"uid-of-Imbox"},{"fromContactGroupId":"uid-of-Feed"},{"fromContactGroupId":"uid-of-News"},{"fromContactGroupId":"uid-of-Imbox-domains"},{"fromContactGroupId":"uid-of-Work-domains"},{"fromContactGroupId":"uid-of-Feed-domains"},{"operator":"AND","conditions":[{"operator":"OR","conditions":[{"toContactGroupId":"uid-of-Imbox-lists"},{"ccContactGroupId":"uid-of-Imbox-lists"},{"toContactGroupId":"uid-of-Work-lists"},{"ccContactGroupId":"uid-of-Work-lists"},{"toContactGroupId":"uid-of-Feed-lists"},{"ccContactGroupId":"uid-of-Feed-lists"}]},{"operator":"OR","conditions":[{"header":["List-Post"]},{"header":["List-Id"]}]}]}]}]}
.
{
  fileinto "Screener";
}

# Screener: the sender is no contact
if not jmapquery text:
{"operator":"OR","conditions":[{"fromAnyContact":true},{"fromContactGroupId":"uid-of-Imbox-domains"},{"fromContactGroupId":"uid-of-Work-domains"},{"fromContactGroupId":"uid-of-Feed-domains"},{"operator":"AND","conditions":[{"operator":"OR","conditions":[{"toContactGroupId":"uid-of-Imbox-lists"},{"ccContactGroupId":"uid-of-Imbox-lists"},{"toContactGroupId":"uid-of-Work-lists"},{"ccContactGroupId":"uid-of-Work-lists"},{"toContactGroupId":"uid-of-Feed-lists"},{"ccContactGroupId":"uid-of-Feed-lists"}]},{"operator":"OR","conditions":[{"header":["List-Post"]},{"header":["List-Id"]}]}]}]}
.
{
  fileinto "Screener";
}
