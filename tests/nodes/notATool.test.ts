import { NODES } from '../support/ours';

test.each(NODES.map(({ description }) => [description.displayName, description] as const))(
  '%s is no tool of an agent: as one it would take its target from the model',
  (_name, description) => {
    expect(description.usableAsTool).toBeUndefined();
  },
);
