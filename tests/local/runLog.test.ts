import { secretsIn, withoutSecrets } from '../../cluster/local/log/withoutSecrets';

const SECRET = 'known-secret-0815';

test('withoutSecrets leaves no secret of the environment in a line of the log', () => {
  const environment = {
    OPENAI_API_KEY: SECRET,
    NPM_TOKEN: 'another-secret-4711',
    DB_PASSWORD: `${SECRET}-and-longer`,
    PATH: '/usr/bin:/usr/sbin',
    EMPTY_TOKEN: '',
  };
  const text = `npm said ${SECRET}-and-longer, ${SECRET} and another-secret-4711 in /usr/bin:/usr/sbin`;
  const line = withoutSecrets(text, secretsIn(environment));
  expect(line).not.toMatch(/secret-0815|secret-4711/);
  expect(line).toContain('/usr/bin:/usr/sbin');
});

test.each([
  [`http://user:${SECRET}@proxy.example.com:3128 refused`],
  [`//registry.example.com/:_authToken=${SECRET}`],
  [`Authorization: Bearer ${SECRET}`],
])('withoutSecrets masks what has the form of a secret: %s', (text) => {
  expect(withoutSecrets(text, [])).not.toContain(SECRET);
});
