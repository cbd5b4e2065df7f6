/** Says where a configured URL must not lead. */
import ipaddr from 'ipaddr.js';

/** Addresses that no service has, and where a cloud shows the credentials of a machine (the metadata service). */
const FORBIDDEN_RANGES: readonly string[] = [
  'linkLocal',
  'unspecified',
  'multicast',
  'broadcast',
  'teredo',
];
const METADATA_HOSTS: readonly string[] = ['metadata.google.internal', 'fd00:ec2::254'];

const LAST_FOUR = [12, 13, 14, 15] as const;
/** IPv6 networks behind whose addresses an IPv4 address is reached, and which bytes hold it. */
const TRANSLATED = [
  // IPv4-compatible, IPv4-translated, NAT64, and 6to4.
  ['::/96', LAST_FOUR],
  ['::ffff:0:0:0/96', LAST_FOUR],
  ['64:ff9b::/96', LAST_FOUR],
  ['2002::/16', [2, 3, 4, 5]],
  // NAT64 of one's own: RFC 6052 has a place for each length of the prefix.
  ['64:ff9b:1::/48', LAST_FOUR],
  ['64:ff9b:1::/48', [6, 7, 9, 10]],
  ['64:ff9b:1::/48', [7, 9, 10, 11]],
  ['64:ff9b:1::/48', [9, 10, 11, 12]],
] as const;

/** Returns whether the host is link-local, or anything else that is never a service. */
export function isForbiddenHost(url: string): boolean {
  return isForbiddenAddress(hostOf(url));
}

/** The same of a host alone. A name is none of these, but may lead to one: see `lookup.ts`. */
export function isForbiddenAddress(host: string): boolean {
  if (METADATA_HOSTS.includes(host)) return true;
  if (!ipaddr.isValid(host)) return false;
  const address = ipaddr.process(host);
  return FORBIDDEN_RANGES.includes(address.range()) || leadsToLinkLocal(address);
}

function leadsToLinkLocal(address: ipaddr.IPv4 | ipaddr.IPv6): boolean {
  if (address.kind() === 'ipv4') return false;
  const bytes = address.toByteArray();
  return TRANSLATED.some(
    ([network, places]) =>
      address.match(ipaddr.parseCIDR(network)) &&
      new ipaddr.IPv4(places.map((place) => bytes[place] ?? 0)).range() === 'linkLocal',
  );
}

/** Returns whether what is sent there can be read on the way: http to another machine than this one. */
export function isInTheClear(url: string): boolean {
  return new URL(url).protocol === 'http:' && !isLoopback(hostOf(url));
}

function isLoopback(host: string): boolean {
  if (host === 'localhost' || host.endsWith('.localhost')) return true;
  return ipaddr.isValid(host) && ipaddr.process(host).range() === 'loopback';
}

/** The URL's parser has written every form of an address in the usual one. */
function hostOf(url: string): string {
  return new URL(url).hostname.replace(/^\[|\]$/g, '').replace(/\.$/, '');
}
