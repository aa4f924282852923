import { drawHouse, shownHouse } from './support/house';

test('the picture in CONTRIBUTING.md shows who imports whom now', () => {
  expect(shownHouse()).toBe(drawHouse());
});
