import { providers } from '@mikkelscheike/email-provider-links/dist/providers/emailproviders.json';

/**
 * True for a domain at which people have addresses who have nothing to do with each other: mailers that anybody can join,
 * relays, and what masked mail comes from. Of relays the domains below them are so, too (`NAME.anonaddy.com`).
 *
 * @param domain folded, without the `@`
 */
export function isPublicDomain(domain: string): boolean {
  return MAILERS.has(domain) || NATIONAL.test(domain) || RELAYS.some((relay) => isAtOrBelow(domain, relay));
}

/** Of the package's: who sells mail to owners of domains, or is a shop. They write from these, and their customers do not. */
const FIRM_DOMAINS = `
  alibaba.com taobao.com tmall.com godaddy.com secureserver.net hostgator.com hostinger.com ionos.com ionos.de 1and1.com
  namecheap.com siteground.com
`;

/** Names that one mailer has in many countries: `yahoo.co.jp`, `outlook.com.br`. */
const NATIONAL = /^(aol|gmx|hotmail|live|msn|outlook|rediffmail|yahoo|yandex|ymail)\.(com?\.)?[a-z]{2,3}$/;

/** What the package does not know. Fastmail's are those that it gives its users to choose from. */
const MORE_MAILERS = `
  123mail.org 150mail.com 150ml.com 16mail.com 2-mail.com 4email.net 50mail.com airpost.net allmail.net bestmail.us
  cluemail.com elitemail.org emailcorner.net emailengine.net emailengine.org emailgroups.net emailplus.org
  emailuser.net eml.cc f-m.fm fast-email.com fast-mail.org fastem.com fastemail.us fastemailer.com fastest.cc
  fastimap.com fastmail.cn fastmail.co.uk fastmail.com.au fastmail.de fastmail.es fastmail.fr fastmail.im fastmail.in
  fastmail.jp fastmail.mx fastmail.net fastmail.nl fastmail.org fastmail.se fastmail.to fastmail.tw fastmail.uk
  fastmail.us fastmailbox.net fastmessaging.com fea.st fmail.co.uk fmailbox.com fmgirl.com fmguy.com ftml.net
  h-mail.us hailmail.net imap-mail.com imap.cc imapmail.org inoutbox.com internet-e-mail.com internet-mail.org
  internetemails.net internetmailing.net jetemail.net justemail.net letterboxes.org mail-central.com mail-page.com
  mailandftp.com mailas.com mailbolt.com mailc.net mailcan.com mailforce.net mailftp.com mailhaven.com
  mailingaddress.org mailite.com mailmight.com mailnew.com mailsent.net mailservice.ms mailup.net mailworks.org
  ml1.net mm.st myfastmail.com mymacmail.com nospammail.net ownmail.net petml.com postinbox.com postpro.net
  proinbox.com promessage.com realemail.net reallyfast.biz reallyfast.info rushpost.com sent.as sent.at sent.com
  speedpost.net speedymail.org ssl-mail.com swift-mail.com the-fastest.net the-quickest.com theinternetemail.com
  veryfast.biz veryspeedy.net warpmail.net xsmail.com yepmail.net your-mail.com 139.com 189.cn 21cn.com sohu.com
  tom.com vip.163.com vip.126.com vip.qq.com vip.sina.com au.com docomo.ne.jp ezweb.ne.jp i.softbank.jp
  softbank.ne.jp excite.co.jp infoseek.jp kakao.com korea.com web.id telkom.net singnet.com.sg pacific.net.sg
  pldtdsl.net sanook.com vnn.vn walla.co.il walla.com netvision.net.il maktoob.com mynet.com superonline.com
  windowslive.com emirates.net.ae ananzi.co.za mweb.co.za webmail.co.za vodamail.co.za iafrica.com bellsouth.net
  bellatlantic.net mindspring.com netscape.net pobox.com prodigy.net cableone.net suddenlink.net cogeco.ca
  eastlink.ca videotron.qc.ca ig.com.br r7.com prodigy.net.mx terra.com terra.cl terra.com.ar terra.com.mx
  arnet.com.ar fibertel.com.ar speedy.com.ar uol.com.ar iinet.net.au iprimus.com.au ozemail.com.au tpg.com.au
  westnet.com.au dodo.com.au slingshot.co.nz orcon.net.nz ya.ru internet.ru pochta.ru newmail.ru narod.ru i.ua
  meta.ua bigmir.net tut.by mail.by mail.kz mail.ee hot.ee inbox.lv inbox.lt freemail.lt online.de ntlworld.com
  blueyonder.co.uk btopenworld.com btconnect.com lineone.net freeserve.co.uk tiscali.co.uk talktalk.co.uk o2.co.uk
  virgin.net eircom.ie aliceadsl.fr club-internet.fr neuf.fr cegetel.net voila.fr iol.it inwind.it email.it
  fastwebnet.it terra.es telefonica.net ya.com sapo.pt iol.pt netcabo.pt clix.pt mail.pt chello.nl zonnet.nl
  quicknet.nl upcmail.nl kpnplanet.nl scarlet.be chello.at aon.at a1.net sunrise.ch hispeed.ch telia.com spray.se
  bredband.net comhem.se online.no broadpark.no mail.dk stofanet.dk kolumbus.fi suomi24.fi luukku.com o2.pl tlen.pl
  gazeta.pl interia.eu vp.pl volny.cz atlas.cz azet.sk zoznam.sk citromail.hu indamail.hu t-online.hu freemail.gr
  otenet.gr forthnet.gr mail.gr dir.bg lex.bg net.hr email.si siol.net riseup.net lavabit.com cock.li hushmail.me
  mail.ch mailinator.com guerrillamail.com sharklasers.com yopmail.com trashmail.com temp-mail.org 10minutemail.com
  maildrop.cc
`;

/** Hide My Email, DuckDuckGo, Firefox Relay, SimpleLogin, addy.io, Proton Pass and others. Apple's other domain is a mailer's. */
const RELAY_DOMAINS = `
  privaterelay.appleid.com duck.com mozmail.com relay.firefox.com
  simplelogin.com simplelogin.co simplelogin.fr simplelogin.io slmail.me slmails.com aleeas.com 8alias.com 8shield.net
  dralias.com silomails.com addy.io addymail.com anonaddy.com anonaddy.me
  passmail.net passmail.com passinbox.com passfwd.com 33mail.com spamgourmet.com burnermail.io opayq.com erine.email
`;

const RELAYS = wordsOf(RELAY_DOMAINS);
const FIRMS = wordsOf(FIRM_DOMAINS);
const MAILERS: ReadonlySet<string> = new Set([
  ...providers.flatMap(({ domains = [] }: Provider) => domains).filter((domain) => !FIRMS.includes(domain)),
  ...wordsOf(MORE_MAILERS),
]);

/** A provider without domains has those of its customers alone. */
interface Provider {
  readonly domains?: readonly string[];
}

function wordsOf(text: string): readonly string[] {
  return text.trim().split(/\s+/);
}

function isAtOrBelow(domain: string, relay: string): boolean {
  return domain === relay || domain.endsWith(`.${relay}`);
}
