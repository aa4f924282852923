/**
 * Secrets that are none. They are put together from parts, so that what scans this repository for secrets finds nothing
 * whole.
 */
const LETTERS = 'qZ7mK2xR9tB4wN6pL1vC8sD3fG5hJ0yA';

/** As many characters as wanted, of letters and digits. */
export function gibberish(length: number): string {
  return LETTERS.repeat(Math.ceil(length / LETTERS.length)).slice(0, length);
}

const join = (...parts: string[]) => parts.join('');

/** One token for each format of the library, by the name of its kind. */
export const TOKENS: Readonly<Record<string, string>> = {
  npm: join('npm', '_', gibberish(36)),
  slack: join('xox', 'b-', '123456789012', '-', gibberish(24)),
  sendgrid: join('S', 'G.', gibberish(22), '.', gibberish(43)),
  shopify: join('shp', 'at_', gibberish(32)),
  stripe: join('sk', '_live_', gibberish(24)),
  gitlab: join('gl', 'pat-', gibberish(20)),
  grafana: join('gl', 'sa_', gibberish(32), '_', 'deadbeef'),
  openai: join('sk-', gibberish(20), 'T3Blbk', 'FJ', gibberish(20)),
  anthropic: join('sk-', 'ant-api03-', gibberish(93), 'AA'),
  groq: join('gs', 'k_', gibberish(52)),
  huggingface: join('h', 'f_', 'abcdefghijklmnopqrstuvwxyzABCDEFGH'),
  linear: join('lin', '_api_', gibberish(40)),
  notion: join('nt', 'n_', '12345678901', gibberish(35)),
  '1password': join('op', 's_', Buffer.from(JSON.stringify({ note: gibberish(98) })).toString('base64')),
  'hashicorp-vault': join('hv', 's.', gibberish(95)),
  vercel: join('vc', 'p_', gibberish(24)),
  databricks: join('da', 'pi', '0123456789abcdef'.repeat(2)),
  docker: join('dckr', '_pat_', gibberish(27)),
  figma: join('fig', 'd_', gibberish(42)),
  cloudflare: join('cf', 'ut_', gibberish(40), 'deadbeef'),
  tailscale: join('ts', 'key-auth-', gibberish(12), '-', gibberish(20)),
};

export const GITHUB_TOKEN = join('gh', 'p_', gibberish(36));
export const PULUMI_TOKEN = join('pu', 'l-', '0123456789abcdef'.repeat(3).slice(0, 40));
const part = (json: object) => Buffer.from(JSON.stringify(json)).toString('base64url');
export const JWT = [part({ alg: 'HS256' }), part({ sub: 'nobody' }), gibberish(43)].join('.');
export const PRIVATE_KEY = join(
  '-----BEGIN RSA PRIV',
  'ATE KEY-----\n',
  `${gibberish(64)}\n`.repeat(4),
  '-----END RSA PRIV',
  'ATE KEY-----',
);
export const PASSWORD = 'hunter-2&tiger;7';

/** Secrets in the places that give them away. Each text holds its secret once. */
export const PLACES: readonly (readonly [text: string, secret: string])[] = [
  ...[
    `PGPASSWORD=${PASSWORD} psql -h db shop`,
    `env MYSQL_ROOT_PASSWORD=${PASSWORD} mysqld`,
    `app --password ${PASSWORD} --host db`,
    `app --password=${PASSWORD} --host db`,
    `java -Dspring.datasource.password=${PASSWORD} -jar app.jar`,
    `mysql -u root -p${PASSWORD} shop`,
    `mysql -u root -p ${PASSWORD}`,
    `sudo /usr/bin/mysqldump -p'${PASSWORD}' shop`,
    `sshpass -p ${PASSWORD} ssh root@10.0.0.1`,
    `docker login -u robot -p ${PASSWORD} registry.test`,
    `redis-cli -h cache -a ${PASSWORD} ping`,
    `ldapsearch -D cn=admin -w ${PASSWORD} -b dc=test`,
    `curl -u admin:${PASSWORD} http://10.0.0.1/`,
    `curl -sku admin:${PASSWORD} http://10.0.0.1/`,
    `wget --user=admin:${PASSWORD} http://10.0.0.1/`,
    `smbclient -U admin%${PASSWORD} //10.0.0.1/c`,
    `curl -H X-Api-Key: ${PASSWORD} http://10.0.0.1/`,
    `openssl enc -aes-256-cbc -pass pass:${PASSWORD} -in a`,
    `kubectl create secret generic a --from-literal=password=${PASSWORD}`,
    `helm upgrade a b --set auth.password=${PASSWORD}`,
    `export API_TOKEN="${PASSWORD}"`,
    `{"user":"a","password":"${PASSWORD}","port":1}`,
    `{\\"user\\":\\"a\\",\\"password\\":\\"${PASSWORD}\\"}`,
    `user: a\npassword: ${PASSWORD}\nport: 1`,
    `{"name":"DB_PASSWORD","value":"${PASSWORD}"}`,
    `- name: DB_PASSWORD\n  value: ${PASSWORD}\n- name: PORT`,
    `["--token","${PASSWORD}","--port"]`,
    `ALTER USER a WITH PASSWORD '${PASSWORD}'`,
  ].map((text) => [text, PASSWORD] as const),
  ...[
    `curl -H "Authorization: Bearer ${gibberish(30)}" http://10.0.0.1/`,
    `curl -H Authorization: Basic ${gibberish(30)} http://10.0.0.1/`,
    `aws configure set aws_secret_access_key ${gibberish(30)}`,
    `AWS_SECRET_ACCESS_KEY=${gibberish(30)} aws s3 ls`,
    `sh -c "mysql -uroot -p${gibberish(30)}"`,
    `Server=db;User Id=sa;Password=${gibberish(30)};Encrypt=true`,
    `http://a.test/?access_token=${gibberish(30)}&page=1`,
    `session_key=${gibberish(30)} a`,
    `https://${gibberish(30)}@git.test/a`,
    `root:$6$${gibberish(30)}:19000:0`,
  ].map((text) => [text, gibberish(30)] as const),
  ['API_TOKEN="one two three" app', 'one two three'],
  ['git clone https://bob:hunter-2@git.test/a', 'hunter-2'],
  ['redis://:hunter-2@cache:6379/0', 'hunter-2'],
  ['postgresql://app:p@ss-w0rd@db:5432/shop', 'p@ss-w0rd'],
  ['curl -H "Cookie: sid=hunter-2; theme=dark" http://a.test', 'sid=hunter-2; theme=dark'],
  [`curl http://a.test/ ${JWT}`, JWT],
  [`git clone http://a.test/ ${GITHUB_TOKEN}`, GITHUB_TOKEN],
  [`curl http://a.test/ ${PULUMI_TOKEN}`, PULUMI_TOKEN],
  [`echo ${PRIVATE_KEY} | ssh-add -`, PRIVATE_KEY],
  [`echo "${PRIVATE_KEY.slice(0, 150)}`, PRIVATE_KEY.slice(0, 150)],
  [`{"key":"${PRIVATE_KEY.replaceAll('\n', '\\n')}"}`, gibberish(64)],
];

/** Texts that speak of secrets, or look as if, and hold none. */
export const HARMLESS: readonly string[] = [
  'nc 1.1.1.1 4444 -e /bin/sh',
  'mkdir -p /var/lib/app',
  'docker run -p 8080:80 -u 1000:1000 nginx',
  'ps -p 4711; cp -p a b; tar -cpf a.tar b',
  'app --password-file /run/secrets/db --token-ttl 3600 --no-password',
  'cat /var/run/secrets/kubernetes.io/serviceaccount/token',
  'fd.name=/var/run/secrets/kubernetes.io/serviceaccount/token container_id=4e0f2d6f5c3a user=root',
  'PWD=/root OLDPWD=/ HOME=/root',
  'mysql -p "$DB_PASSWORD" --password=$DB_PASSWORD --password=${DB_PASSWORD}',
  'automountServiceAccountToken: false',
  'prompt_tokens: 812, max_tokens=100',
  'the secret "db" was not found; the password of user root has expired',
  '{"secretKeyRef":{"name":"db","key":"password"}}',
  'secretName: db',
  'sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08',
  'https://example.test/a?page=2#top',
  'git@git.test:a/b.git ssh://git@git.test/a',
  'AWS_ACCESS_KEY_ID is set',
  'if (token === other) return key == 1;',
];
