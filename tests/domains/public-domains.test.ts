import { providers } from '@mikkelscheike/email-provider-links/dist/providers/emailproviders.json';
import { isPublicDomain } from '../../src/domains/public-domains';

describe('a public domain', () => {
  it.each([
    [
      'North America',
      'gmail.com googlemail.com outlook.com hotmail.com live.com msn.com yahoo.com aol.com comcast.net att.net',
    ],
    ['Canada', 'rogers.com shaw.ca sympatico.ca videotron.ca telus.net'],
    ['Latin America', 'uol.com.br bol.com.br terra.com.br yahoo.com.mx hotmail.com.ar prodigy.net.mx outlook.com.br'],
    ['Germany and its neighbours', 'gmx.de gmx.net gmx.at gmx.ch web.de t-online.de freenet.de bluewin.ch posteo.de'],
    ['France and Belgium', 'orange.fr wanadoo.fr free.fr laposte.net sfr.fr hotmail.fr skynet.be telenet.be'],
    ['Italy, Spain, Portugal', 'libero.it virgilio.it tiscali.it alice.it hotmail.it terra.es telefonica.net sapo.pt'],
    ['the Netherlands', 'ziggo.nl kpnmail.nl xs4all.nl hetnet.nl home.nl live.nl'],
    ['Britain and Ireland', 'btinternet.com sky.com talktalk.net virginmedia.com ntlworld.com yahoo.co.uk eircom.net'],
    ['the North', 'telia.com online.no hotmail.se outlook.dk suomi24.fi mail.ee inbox.lv'],
    [
      'the East of Europe',
      'wp.pl onet.pl o2.pl interia.pl seznam.cz centrum.cz azet.sk freemail.hu abv.bg ukr.net i.ua',
    ],
    ['Russia', 'mail.ru inbox.ru bk.ru list.ru yandex.ru ya.ru rambler.ru'],
    ['the Near East', 'walla.co.il mynet.com maktoob.com hotmail.com.tr'],
    ['India', 'rediffmail.com yahoo.co.in yahoo.in indiatimes.com bsnl.in'],
    ['China', 'qq.com 163.com 126.com yeah.net sina.com sohu.com 139.com 189.cn foxmail.com aliyun.com yahoo.com.cn'],
    ['Japan and Korea', 'yahoo.co.jp docomo.ne.jp ezweb.ne.jp softbank.ne.jp nifty.com naver.com daum.net hanmail.net'],
    ['the South-East of Asia', 'yahoo.co.id yahoo.com.sg yahoo.com.ph yahoo.com.vn singnet.com.sg telkom.net'],
    ['Africa', 'mweb.co.za webmail.co.za vodamail.co.za yahoo.co.za hotmail.co.za'],
    ['Australia and New Zealand', 'bigpond.com optusnet.com.au iinet.net.au yahoo.com.au xtra.co.nz'],
    ['no country', 'icloud.com me.com mac.com proton.me protonmail.com pm.me tuta.com hey.com mailbox.org zoho.com'],
    ['no name for long', 'mailinator.com guerrillamail.com yopmail.com'],
  ])('is that of a mailer of %s', (_, domains) => {
    expect(domains.split(' ').filter((domain) => !isPublicDomain(domain))).toEqual([]);
  });

  it.each([
    ['Hide My Email', 'privaterelay.appleid.com icloud.com'],
    ['DuckDuckGo', 'duck.com'],
    ['Firefox Relay', 'mozmail.com relay.firefox.com ann.mozmail.com'],
    ['SimpleLogin', 'simplelogin.com simplelogin.co slmail.me aleeas.com 8alias.com ann.aleeas.com'],
    ['addy.io', 'addy.io anonaddy.com anonaddy.me addymail.com ann.anonaddy.com'],
    ['Proton Pass', 'passmail.net passmail.com passinbox.com passfwd.com'],
    [
      'Fastmail, whose masked addresses may have any of its domains',
      'fastmail.com fastmail.fm fastmail.de sent.com eml.cc 123mail.org',
    ],
  ])('is what %s relays by', (_, domains) => {
    expect(domains.split(' ').filter((domain) => !isPublicDomain(domain))).toEqual([]);
  });

  it.each([
    ['a firm', 'shop.example amazon.com github.com paypal.com'],
    ['a domain for examples', 'example.com example.org'],
    ['a part of a mailer that has customers of its own', 'news.orange.fr mail.aol.com'],
    ['a look-alike', 'gmaiil.com notduck.com yahoo.com.shop.example evilmozmail.com'],
    ['who sells mail to owners of domains', 'namecheap.com ionos.com godaddy.com'],
    ['no domain', 'com'],
    ['nothing', ''],
  ])('is not that of %s', (_, domains) => {
    expect(domains.split(' ').filter(isPublicDomain)).toEqual([]);
  });

  it('is one wherever the package has it, but for firms that it lists', () => {
    const listed = providers.flatMap(({ domains = [] }: { readonly domains?: readonly string[] }) => domains);
    expect(listed.length).toBeGreaterThan(200);
    expect(listed.filter((domain) => !isPublicDomain(domain)).sort()).toEqual([
      '1and1.com',
      'alibaba.com',
      'godaddy.com',
      'hostgator.com',
      'hostinger.com',
      'ionos.com',
      'ionos.de',
      'namecheap.com',
      'secureserver.net',
      'siteground.com',
      'taobao.com',
      'tmall.com',
    ]);
  });
});
