/** Where the settings' URLs must not lead, in every spelling that a URL's parser knows. */
import { describe, expect, it } from 'vitest';
import { isForbiddenHost, isInTheClear } from '../../../src/http/safe-url.ts';

describe('a host that is never a service', () => {
  it.each([
    'http://169.254.169.254/latest',
    'http://169.254.0.1',
    'http://0xa9.0xfe.0xa9.0xfe',
    'http://2852039166',
    'http://[::ffff:169.254.169.254]/',
    'http://[fe80::1]:8080',
    'http://0.0.0.0',
    'http://[::]',
    'http://224.0.0.1',
    'http://[ff02::1]',
    'http://255.255.255.255',
    'http://[fd00:ec2::254]',
    'http://metadata.google.internal/',
    'http://METADATA.google.internal./',
  ])('is %s', (url) => {
    expect(isForbiddenHost(url)).toBe(true);
  });

  it.each([
    'https://loyalty.example',
    'https://x.metadata.google.internal',
    'https://169.254.169.254.example',
    'http://127.0.0.1:4010',
    'http://[::1]',
    'http://10.0.0.1',
    'http://[fd00:ec2::253]',
    'https://8.8.8.8',
  ])('is not %s', (url) => {
    expect(isForbiddenHost(url)).toBe(false);
  });
});

describe('what is sent can be read on the way', () => {
  it.each([
    'http://loyalty.example',
    'http://localhost.example',
    'http://notlocalhost',
    'http://10.0.0.1',
    'http://[fd00::1]',
    'http://127.0.0.1.example',
  ])('to %s', (url) => {
    expect(isInTheClear(url)).toBe(true);
  });

  it.each([
    'https://loyalty.example',
    'http://localhost:4010',
    'http://localhost./',
    'http://sandbox.localhost',
    'http://127.0.0.1',
    'http://127.9.9.9',
    'http://[::1]:4010',
    'http://[::ffff:127.0.0.1]',
  ])('but not to %s', (url) => {
    expect(isInTheClear(url)).toBe(false);
  });
});
