/**
 * The marks with which reasoning models and their servers enclose reasoning in an answer's text: DeepSeek, Qwen and
 * most others <think>, which DeepSeek's templates open in the prompt, so that only its end appears; Mistral [THINK];
 * Kimi ◁think▷; Cohere <|START_THINKING|>; Gemma <|channel>thought, and <unused94> before; Apriel only its end; gpt-oss
 * its channels, of which some servers drop all but the names: analysisWe need … assistantfinal{…}.
 */
const NAME =
  '(?:[a-z]{1,16}:)?(?:think|(?:ant)?thinking|thoughts?|reason|reasoning|reasoning_content|reflection|scratch_?pad)';
const OPENING = [
  String.raw`<${NAME}(?:\s[^<>]{0,64})?>`,
  String.raw`\[THINK\]`,
  '◁think▷',
  String.raw`<\|START_THINKING\|>`,
  String.raw`<\|begin_of_thought\|>`,
  String.raw`<\|channel>thought`,
  '<unused94>',
  String.raw`<\|channel\|>analysis<\|message\|>`,
  '^analysis(?=[a-z])',
].join('|');
const CLOSING = [
  String.raw`</${NAME}\s*>`,
  String.raw`\[/THINK\]`,
  '◁/think▷',
  String.raw`<\|END_THINKING\|>`,
  String.raw`<\|end_of_thought\|>`,
  String.raw`<channel\|>`,
  '<unused95>',
  String.raw`\[BEGIN FINAL RESPONSE\]`,
  String.raw`<\|channel\|>final(?: ?<\|constrain\|>\w{1,16})?<\|message\|>`,
  'assistantfinal',
].join('|');

/** A mark of either kind, as the source of a regular expression. */
export const REASONING_MARK = `${OPENING}|${CLOSING}`;

const CLOSES = new RegExp(`^(?:${CLOSING})$`, 'i');

/** Whether a mark ends reasoning; otherwise it begins it. */
export function endsReasoning(mark: string): boolean {
  return CLOSES.test(mark);
}

/** Matches more than the marks themselves, for text without white space, quotes or capitals. */
const LIKE_A_MARK =
  /[<[◁]\/?(?:[a-z]{1,16}:)?(?:think|thought|antthink|reason|reflection|scratch)|<\|(?:start_think|end_think|begin_of|end_of|channel)|<channel\||<unused9|\[beginfinal|assistantfinal/;

/** Whether a text normalised by `bare` contains anything that could be a mark. */
export function holdsMark(bareText: string): boolean {
  return LIKE_A_MARK.test(bareText);
}
