/**
 * The marks with which reasoning models and their servers enclose reasoning in an answer's text: DeepSeek, Qwen and
 * most others <think>, which DeepSeek's templates open in the prompt, so that only its end appears; Mistral [THINK];
 * Kimi ◁think▷; Cohere <|START_THINKING|>; gpt-oss its channels.
 */
const NAME = '(?:seed:)?(?:think|thinking|thoughts?|reasoning)';
const OPENING = String.raw`<${NAME}(?:\s[^<>]{0,64})?>|\[THINK\]|◁think▷|<\|START_THINKING\|>|<\|begin_of_thought\|>|<\|channel\|>analysis<\|message\|>`;
const CLOSING = String.raw`</${NAME}\s*>|\[/THINK\]|◁/think▷|<\|END_THINKING\|>|<\|end_of_thought\|>|<\|channel\|>final<\|message\|>`;

/** A mark of either kind, as the source of a regular expression. */
export const REASONING_MARK = `${OPENING}|${CLOSING}`;

const CLOSES = new RegExp(`^(?:${CLOSING})$`, 'i');

/** Whether a mark ends reasoning; otherwise it begins it. */
export function endsReasoning(mark: string): boolean {
  return CLOSES.test(mark);
}

/** Matches more than the marks themselves, for text without white space, quotes or capitals. */
const LIKE_A_MARK =
  /[<[◁]\/?(?:seed:)?(?:think|thought|reasoning)|<\|(?:start_think|end_think|begin_of|end_of|channel)/;

/** Whether a text normalised by `bare` contains anything that could be a mark. */
export function holdsMark(bareText: string): boolean {
  return LIKE_A_MARK.test(bareText);
}
