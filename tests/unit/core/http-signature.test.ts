/** Signed requests: the RFC's own Ed25519 example, and everything that must not pass for one. */
import { base64 } from '@scure/base';
import { parseDictionary, type InnerList } from 'structured-headers';
import { beforeAll, describe, expect, it } from 'vitest';
import { signatureBase, signRequest, splitPath, verifyRequest } from '../../../src/core/http-signature.ts';
import { createSigner, parseVerifierKey, type NoteSigner, type VerifierKey } from '../../../src/core/signed-note.ts';

const NOW = Date.parse('2026-11-23T20:00:00Z');

describe('RFC 9421, appendix B.2.6', () => {
  const input =
    'sig-b26=("date" "@method" "@path" "@authority" "content-type" "content-length");created=1618884473;keyid="test-key-ed25519"';
  const components = {
    date: 'Tue, 20 Apr 2021 02:07:55 GMT',
    '@method': 'POST',
    '@path': '/foo',
    '@authority': 'example.com',
    'content-type': 'application/json',
    'content-length': '18',
  };
  const base = signatureBase(parseDictionary(input).get('sig-b26') as InnerList, components);

  it('has the RFC’s signature base', () => {
    expect(base).toBe(
      [
        '"date": Tue, 20 Apr 2021 02:07:55 GMT',
        '"@method": POST',
        '"@path": /foo',
        '"@authority": example.com',
        '"content-type": application/json',
        '"content-length": 18',
        '"@signature-params": ("date" "@method" "@path" "@authority" "content-type" "content-length");created=1618884473;keyid="test-key-ed25519"',
      ].join('\n'),
    );
  });

  it('gives the RFC’s signature with the RFC’s key', async () => {
    const pkcs8 = base64.decode('MC4CAQAwBQYDK2VwBCIEIJ+DYvh6SEqVTm50DFtMDoQikTmiCqirVv9mWG9qfSnF');
    const signer = await createSigner('test-key-ed25519', pkcs8.slice(-32));
    expect(base64.encode(await signer.sign(base ?? ''))).toBe(
      'wqcAqbmYJ2ji2glfAMaRy4gruYYnx2nEFN2HN6jrnDnQCK1u02Gb04v9EDgwUPiu4A0w6vuQv5lIp5WPpBKRCw==',
    );
  });
});

describe('a signed request', () => {
  const read = { method: 'GET', authority: 'hub.example', ...splitPath('/v1/inbox?before=7'), body: null };
  const body = new TextEncoder().encode('{"decision":"accepted"}');
  const write = { method: 'POST', authority: 'hub.example', ...splitPath('/v1/inbox/7'), body };
  let signer: NoteSigner;
  let key: VerifierKey;

  beforeAll(async () => {
    signer = await createSigner('police.example', new Uint8Array(32).fill(7));
    const parsed = await parseVerifierKey(signer.verifierKey);
    if (!parsed.ok) throw new Error(parsed.detail);
    key = parsed.value;
  });

  const fieldsOf = (headers: Readonly<Record<string, string>>) => ({
    signatureInput: headers['Signature-Input'] ?? null,
    signature: headers['Signature'] ?? null,
    contentDigest: headers['Content-Digest'] ?? null,
  });
  const verify = async (
    request: typeof read | typeof write,
    change: Partial<ReturnType<typeof fieldsOf>> = {},
    at = NOW,
  ) => {
    const headers = await signRequest(request.body === null ? read : write, signer, NOW);
    const result = await verifyRequest(request, { ...fieldsOf(headers), ...change }, [key], at);
    return result.ok ? result.value.name : result.reason;
  };

  it('verifies, with and without a body', async () => {
    expect(await verify(read)).toBe('police.example');
    expect(await verify(write)).toBe('police.example');
  });

  it.each([
    ['method', { method: 'HEAD' }],
    ['authority', { authority: 'other.example' }],
    ['path', { path: '/v1/inbox/8' }],
    ['query', { query: '?before=8' }],
  ])('does not for another %s', async (_, change) => {
    expect(await verify({ ...read, ...change })).toBe('wrong-signature');
  });

  it('does not for another body, or with the digest left as it was', async () => {
    const other = new TextEncoder().encode('{"decision":"declined"}');
    expect(await verify({ ...write, body: other })).toBe('wrong-signature');
    expect(await verify({ ...write, body: other }, { contentDigest: null })).toBe('wrong-signature');
  });

  it.each([
    [-121_000, 'expired'],
    [-59_000, 'police.example'],
    [119_000, 'police.example'],
    [120_000, 'expired'],
    [86_400_000, 'expired'],
  ])('replayed with the clock %i ms on: %s', async (later, outcome) => {
    expect(await verify(read, {}, NOW + later)).toBe(outcome);
  });

  it('does not with a key of the same name that is not the same key', async () => {
    const other = await createSigner('police.example', new Uint8Array(32).fill(8));
    const headers = await signRequest(read, { ...other, keyId: signer.keyId }, NOW);
    expect(await verifyRequest(read, fieldsOf(headers), [key], NOW)).toMatchObject({ reason: 'wrong-signature' });
    const honest = await signRequest(read, other, NOW);
    expect(await verifyRequest(read, fieldsOf(honest), [key], NOW)).toMatchObject({ reason: 'wrong-key' });
  });

  it.each([
    ['nothing', { signatureInput: null }, 'unsigned'],
    ['an empty field', { signatureInput: '' }, 'malformed'],
    ['a field that is no dictionary', { signatureInput: '(((' }, 'malformed'],
    ['another label', { signatureInput: 'sig1=("@method");created=1' }, 'malformed'],
    ['a signature that is not bytes', { signature: 'porchlight="text"' }, 'malformed'],
    ['a signature of three bytes', { signature: 'porchlight=:AAAA:' }, 'wrong-signature'],
  ])('refuses %s', async (_, change, reason) => {
    expect(await verify(read, change)).toBe(reason);
  });

  it('refuses a signature that covers less than it should, or was made for another purpose', async () => {
    const sign = async (input: string) => {
      const covered = parseDictionary(input).get('porchlight') as InnerList;
      const components = { '@method': 'GET', '@authority': 'hub.example', '@path': '/v1/inbox', '@query': '?before=7' };
      const signature = base64.encode(await signer.sign(signatureBase(covered, components) ?? ''));
      return { signatureInput: input, signature: `porchlight=:${signature}:`, contentDigest: null };
    };
    const created = NOW / 1000;
    const rest = `;created=${created};expires=${created + 60};keyid="${signer.name}+${signer.keyId}";alg="ed25519"`;
    const whole = `porchlight=("@method" "@authority" "@path" "@query")${rest}`;
    const outcome = async (input: string) => {
      const result = await verifyRequest(read, await sign(input), [key], NOW);
      return result.ok ? 'ok' : result.reason;
    };
    expect(await outcome(`${whole};tag="porchlight-v1"`)).toBe('ok');
    expect(await outcome(`porchlight=("@method" "@authority" "@path")${rest};tag="porchlight-v1"`)).toBe('malformed');
    expect(await outcome(`porchlight=("@method" "@method" "@authority" "@path")${rest};tag="porchlight-v1"`)).toBe(
      'malformed',
    );
    expect(await outcome(whole)).toBe('malformed');
    expect(
      await outcome(`${whole.replace(`expires=${created + 60}`, `expires=${created + 61}`)};tag="porchlight-v1"`),
    ).toBe('expired');
  });
});
