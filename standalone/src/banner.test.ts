import { expect, it } from 'vitest';
import { toBanner } from './banner.ts';

const facts = { url: 'http://127.0.0.1:8000', dataDir: '/srv/px', readyMs: 1_540 };

it('tells the address of the demo, its key, one curl line and where the data lies', () => {
  const banner = toBanner({ ...facts, demo: { apiKey: 'px_pub_live_x', projectId: 'prj_x' } });
  for (const told of ['ready after 1.5 s', 'http://127.0.0.1:8000/', 'px_pub_live_x', 'prj_x', '/srv/px', 'Ctrl-C']) {
    expect(banner).toContain(told);
  }
  const curl = banner.split('\n').filter((line) => line.trim().startsWith('curl '));
  expect(curl).toHaveLength(1);
  const body = /-d '(.*)'$/.exec(curl[0] ?? '')?.[1] ?? '';
  expect(JSON.parse(body)).toEqual({ event: 'hello', anonymous_id: 'me' });
  expect(curl[0]).toContain("http://127.0.0.1:8000/api/v1/events -H 'Authorization: Bearer px_pub_live_x'");
});

it('tells the address and the data where there is no demo', () => {
  const banner = toBanner({ ...facts, demo: null });
  expect(banner).toContain('http://127.0.0.1:8000/');
  expect(banner).toContain('/srv/px');
  expect(banner).not.toContain('curl');
});
