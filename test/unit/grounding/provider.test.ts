import assert from 'node:assert/strict';
import { CancelledError, EnvironmentError, HumanError } from '../../../src/core/base/errors.ts';
import { chooseProvider, type ProviderChoice, resolveProvider } from '../../../src/core/grounding/provider.ts';
import type { ModelEndpoints } from '../../../src/core/ports.ts';
import { modelThatSays } from './support.ts';

const LOCAL = { llm: { baseUrl: 'http://127.0.0.1:11434/v1', model: '' } };
const FOREIGN = { llm: { baseUrl: 'https://models.example.com/v1/', model: 'big' } };
const NONE = { llm: undefined };
const KEYS = { INFRABUILDER_API_KEY: 'own-key', OPENAI_API_KEY: 'openai-key' };

function chosen(
  choice: ProviderChoice,
  env: Record<string, string>,
  config: Parameters<typeof chooseProvider>[2],
): string {
  const provider = chooseProvider(choice, env, config);
  if (provider.kind === 'offline') return 'offline';
  const { baseUrl, model, apiKey } = provider.endpoint;
  return [baseUrl, model || '-', apiKey ?? '-', provider.named ? 'named' : 'configured'].join(' ');
}

describe('the provider', () => {
  it('comes from options, then the environment, then the configuration, else it is the offline one', () => {
    const env = { INFRABUILDER_BASE_URL: 'http://10.0.0.7/v1', INFRABUILDER_MODEL: 'm' };
    assert.equal(chosen({ baseUrl: 'http://x/v1', model: 'a' }, env, LOCAL), 'http://x/v1 a - named');
    assert.equal(chosen({}, env, LOCAL), 'http://10.0.0.7/v1 m - named');
    assert.equal(chosen({}, {}, FOREIGN), 'https://models.example.com/v1 big - configured');
    assert.equal(chosen({}, {}, NONE), 'offline');
    assert.equal(chosen({ offline: true }, env, LOCAL), 'offline');
  });

  it('gets a key only where the person named the endpoint, or it is this machine', () => {
    assert.equal(chosen({ baseUrl: 'https://x/v1' }, KEYS, NONE), 'https://x/v1 - own-key named');
    assert.equal(chosen({}, KEYS, LOCAL), 'http://127.0.0.1:11434/v1 - own-key configured');
    assert.equal(chosen({}, KEYS, FOREIGN), 'https://models.example.com/v1 big - configured');
    assert.equal(chosen({ apiKey: 'stored' }, {}, FOREIGN), 'https://models.example.com/v1 big - configured');
  });

  it('gets the key of a service only as that service', () => {
    const env = { OPENAI_API_KEY: 'openai-key' };
    assert.equal(
      chosen({ baseUrl: 'https://api.openai.com/v1' }, env, NONE),
      'https://api.openai.com/v1 - openai-key named',
    );
    for (const host of ['api.openai.com.evil.example', 'evil.example/api.openai.com', '127.0.0.1.evil.example']) {
      assert.match(chosen({}, KEYS, { llm: { baseUrl: `https://${host}/v1`, model: '' } }), / - - configured$/, host);
    }
  });

  it('refuses what is no URL, and a model without an endpoint', () => {
    assert.throws(
      () => chooseProvider({ baseUrl: 'localhost' }, {}, NONE),
      (error: unknown) => {
        return error instanceof HumanError && error.code === 'model.bad-url';
      },
    );
    assert.throws(() => chooseProvider({ model: 'x' }, {}, NONE), /No endpoint is named/);
  });
});

describe('an endpoint of the configuration', () => {
  const endpoints = (list: ModelEndpoints['list']): ModelEndpoints => ({ open: () => modelThatSays('x'), list });
  const resolve = (models: ModelEndpoints, choice: ProviderChoice = {}, signal?: AbortSignal) =>
    resolveProvider(chooseProvider(choice, {}, LOCAL), models, signal);

  it('answers where it is there', async () => {
    const { name, note } = await resolve(endpoints(async () => ['m']));
    assert.deepEqual([name, note], ['scripted', undefined]);
  });

  it('gives way to the offline provider where it is not, and says why', async () => {
    const gone = endpoints(async () => {
      throw new EnvironmentError('model.unreachable', 'Nobody there.');
    });
    assert.deepEqual(await resolve(gone), { model: undefined, name: 'Grounded (offline)', note: 'Nobody there.' });
    assert.match((await resolve(endpoints(async () => []))).note ?? '', /offers no model/);
  });

  it('is not tried first where the person named it: its failure is to be seen', async () => {
    const gone = endpoints(async () => {
      throw new EnvironmentError('model.unreachable', 'Nobody there.');
    });
    assert.equal((await resolve(gone, { baseUrl: 'http://127.0.0.1:1/v1' })).name, 'scripted');
  });

  it('stops when told to', async () => {
    const slow = endpoints(async () => {
      throw new CancelledError();
    });
    await assert.rejects(resolve(slow, {}, AbortSignal.abort()), CancelledError);
  });
});
