import { describe, expect, it } from 'vitest';
import type { Category } from '../../api/categories';
import { alsoFit, fittingApp, fittingSite } from './deciding';

const apps = (...list: string[]) => ({ name: 'c', apps: list, sites: [] });
const sites = (...list: string[]) => ({ name: 'c', apps: [], sites: list });

describe('the pattern that fits an app', () => {
  it.each([
    ['com.spotify.music', 'com.spotify.*'],
    ['Spotify.exe', 'spotify*'],
    ['org.videolan.vlc.beta', '*videolan*beta'],
    ['mpv', 'MPV'],
    ['abab', 'ab*ab'],
  ])('%s by %s', (app, pattern) => {
    expect(fittingApp(apps('other', pattern), app)).toBe(pattern);
  });

  it.each([
    ['aba', 'ab*ba'],
    ['mpv2', 'mpv'],
    ['xspotify', 'spotify*'],
    ['a.b', '*b*b'],
  ])('%s not by %s', (app, pattern) => {
    expect(fittingApp(apps(pattern), app)).toBeUndefined();
  });
});

describe('the host that fits a site', () => {
  it.each([
    ['m.youtube.com', 'youtube.com'],
    ['https://www.youtube.com/watch?v=1', 'youtube.com'],
    ['youtube.com:443', 'YouTube.com.'],
  ])('%s by %s', (site, host) => {
    expect(fittingSite(sites('other.example', host), site)).toBe(host);
  });

  it('does not take a longer name for one below it', () => {
    expect(fittingSite(sites('youtube.com'), 'notyoutube.com')).toBeUndefined();
  });
});

it('names what would fit too but comes later', () => {
  const music = { ...sites('music.youtube.com'), name: 'music' };
  const video = { ...sites('youtube.com'), name: 'video' };
  const fitting = (one: Category) => fittingSite(one, 'music.youtube.com');
  expect(alsoFit([music, video], 'music', fitting)).toEqual(['video']);
  expect(alsoFit([video, music], 'music', fitting)).toEqual([]);
});
