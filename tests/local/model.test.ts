import { StackError } from '../../cluster/local/errors';
import { modelFrom } from '../../cluster/local/n8n/model';

describe('the model that the environment configures', () => {
  it('is none when nothing is set', () => {
    expect(modelFrom({})).toBeUndefined();
    expect(modelFrom({ OPENAI_API_KEY: '', OPENAI_BASE_URL: '', OPENAI_MODEL: 'x' })).toBeUndefined();
  });

  it("is a cloud's with a key", () => {
    expect(modelFrom({ OPENAI_API_KEY: 'key', OPENAI_MODEL: 'x' })).toEqual({
      apiKey: 'key',
      url: 'https://api.openai.com/v1',
      name: 'x',
    });
  });

  it('is a local one with a URL', () => {
    expect(modelFrom({ OPENAI_BASE_URL: 'http://127.0.0.1:11434/v1', OPENAI_MODEL: 'x' })).toEqual({
      apiKey: 'none',
      url: 'http://127.0.0.1:11434/v1',
      name: 'x',
    });
  });

  it('needs a name', () => {
    expect(() => modelFrom({ OPENAI_API_KEY: 'key' })).toThrow(StackError);
  });
});
