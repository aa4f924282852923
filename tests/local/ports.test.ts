import { STATE } from '../../cluster/local/paths';
import { pidIn, remedyFor } from '../../cluster/local/process/portHolder';

describe('a port in use', () => {
  it('is traced to its process', () => {
    const output = 'LISTEN 0 511 127.0.0.1:30008 0.0.0.0:* users:(("node",pid=4711,fd=18),("node",pid=4712,fd=18))';
    expect(pidIn(output)).toBe(4711);
  });

  it('may be of another user, whose process is not shown', () => {
    expect(pidIn('LISTEN 0 511 127.0.0.1:30008 0.0.0.0:*')).toBeUndefined();
  });

  it.each([
    [undefined, 'ss -ltnp'],
    [{ pid: 7, command: 'x', workingDirectory: '/srv' }, 'kill 7'],
    [{ pid: 7, command: 'x', workingDirectory: STATE }, "this checkout's"],
    [{ pid: 7, command: 'x', workingDirectory: '/home/me/clone/.local' }, '/home/me/clone/deploy.sh --local --down'],
  ])('held by %j has the remedy %s', (holder, remedy) => {
    expect(remedyFor(holder)).toContain(remedy);
  });
});
