import { RunError } from '@pulumi/pulumi';

/** A problem with one key of the configuration, as the rest of a sentence that starts with the key. */
export interface Problem {
  key: string;
  what: string;
  isSecret?: boolean;
  /** It should not be there at all. */
  isUnknown?: boolean;
}

/**
 * Stops the deployment and reports every problem together. The text has keys and commands, never values: it goes to the
 * terminal and to logs.
 */
export class SettingsError extends RunError {
  constructor(readonly problems: Problem[]) {
    super(`${heading(problems.length)}\n${problems.map(described).join('\n')}`);
  }
}

const heading = (count: number): string =>
  `Nothing was changed: ${count === 1 ? 'there is a problem' : `there are ${count} problems`} with this stack's configuration.`;

function described({ key, what, isSecret = false, isUnknown = false }: Problem): string {
  const remedy = isUnknown
    ? `Take it out of the ESC environment, or from here: pulumi config rm ${key}`
    : `Set it in the ESC environment under pulumiConfig, or here: pulumi config set ${isSecret ? '--secret ' : ''}${key} …`;
  return `  ${key} ${what}\n      ${remedy}`;
}
