import { normaliseAlerts } from '../../core/alert/normalise';
import { RECEIVED_AT } from '../support/alerts';
import { realWorldCase } from '../support/realWorld';

const alertIn = (name: string) => {
  const { body, sender } = realWorldCase(name).input as unknown as {
    body: object;
    sender: 'falcosidekick' | 'reports';
  };
  const [alert] = normaliseAlerts(body, RECEIVED_AT, sender).alerts;
  return { body, alert };
};

describe('masking leaves the evidence in', () => {
  test('mask-mounts: a list of mounts, one of which is a token', () => {
    const { body, alert } = alertIn('mask-mounts');
    const { output, output_fields: fields } = body as { output: string; output_fields: Record<string, string> };
    expect(alert?.output).toBe(output);
    expect(alert?.fields['container.mounts']).toBe(fields['container.mounts']);
  });

  test('mask-kyverno-rule-name: what a policy about secrets says', () => {
    expect(alertIn('mask-kyverno-rule-name').alert?.output).toBe(
      'secrets-not-from-env-vars/secrets-not-from-env-vars: Secrets must be mounted as volumes.',
    );
  });

  test('mask-github-committed-secrets: fields that describe a secret', () => {
    const { body, alert } = alertIn('mask-github-committed-secrets');
    expect(alert?.fields).toMatchObject((body as { output_fields: Record<string, string> }).output_fields);
  });
});
