// A certified OpenID provider for the tests: `node provider.mjs CONFIG`, where CONFIG is JSON:
//   {port, keys, clients, people, resource, ttl}
// `keys` are the private JWKs it signs with, the first one first; `people` maps a login to its
// claims. Access tokens for `resource` are JSON Web Tokens. It says "listening" once it does.

import Provider from 'oidc-provider';

const config = JSON.parse(process.argv[2]);
const issuer = `http://127.0.0.1:${config.port}`;

const provider = new Provider(issuer, {
  jwks: { keys: config.keys },
  clients: config.clients,
  cookies: { keys: ['only for tests'] },
  clientBasedCORS: () => false,
  pkce: { required: () => true },
  claims: { openid: ['sub'], email: ['email', 'email_verified'], profile: ['name', 'groups'] },
  conformIdTokenClaims: false,
  enabledJWA: {
    idTokenSigningAlgValues: ['RS256', 'ES256', 'PS256', 'EdDSA'],
  },
  features: {
    devInteractions: { enabled: true },
    backchannelLogout: { enabled: true },
    clientCredentials: { enabled: true },
    resourceIndicators: {
      enabled: true,
      defaultResource: (_ctx, client) => (client.grantTypeAllowed('client_credentials') ? config.resource : undefined),
      useGrantedResource: () => false,
      getResourceServerInfo: () => ({
        scope: 'model:call models:read chat:write',
        audience: config.resource,
        accessTokenFormat: 'jwt',
        accessTokenTTL: config.ttl,
        jwt: { sign: { alg: config.keys[0].alg } },
      }),
    },
  },
  ttl: { AccessToken: config.ttl, ClientCredentials: config.ttl, IdToken: 300, Interaction: 300, Session: 300, Grant: 300, AuthorizationCode: 60 },
  extraTokenClaims: (_ctx, token) => {
    const person = config.people[token.accountId];
    return person ? { groups: person.groups } : { groups: ['machines'] };
  },
  findAccount: (_ctx, id) => {
    const person = config.people[id];
    return person && { accountId: id, claims: () => ({ sub: id, ...person }) };
  },
  fetch: (url, options) => {
    options.signal = AbortSignal.timeout(5000); // a slow test machine is no dead client
    return fetch(url, options);
  },
});

provider.on('server_error', (_ctx, error) => console.error(error));

const server = provider.listen(config.port, '127.0.0.1', () => console.log('listening'));
process.stdin.resume();
process.stdin.on('end', () => server.close(() => process.exit(0))); // whoever started us has gone
