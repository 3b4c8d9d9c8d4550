/**
 * A certificate for 127.0.0.1 and its authority, made for these tests alone and
 * good until the year 2120. The authority's key was thrown away; that of the
 * certificate is no secret.
 *
 * @module
 */

/** The authority that a client of the tests has to trust. */
export const TLS_AUTHORITY = `-----BEGIN CERTIFICATE-----
MIIBZTCCAQugAwIBAgIBATAKBggqhkjOPQQDAjAhMR8wHQYDVQQDDBZubzh3aXJl
IHRlc3QgYXV0aG9yaXR5MCAXDTIwMDEwMTAwMDAwMFoYDzIxMjAwMTAxMDAwMDAw
WjAhMR8wHQYDVQQDDBZubzh3aXJlIHRlc3QgYXV0aG9yaXR5MFkwEwYHKoZIzj0C
AQYIKoZIzj0DAQcDQgAEvz9XvJabKfXAXepq/gYeQQiDwyPIFi0qt8WXbjtnulS/
ODfAYhOG8l7456oYhdLdNmLWukmnbl9cZOKHHcxpPKMyMDAwDwYDVR0TAQH/BAUw
AwEB/zAdBgNVHQ4EFgQU/i+gDxH2vrWp7ylOSYSLJM/hNkUwCgYIKoZIzj0EAwID
SAAwRQIhAPztpS//qCHT/nDw8j/YfvjXrn2xeH6Bygt0U996QDo8AiAjInzkzA8o
T67lc0POhqsVOtjJgmVv/aKHdn4M1awQUg==
-----END CERTIFICATE-----
`;

/** The certificate of the server under test. */
export const TLS_CERT = `-----BEGIN CERTIFICATE-----
MIIBtjCCAVygAwIBAgIBAjAKBggqhkjOPQQDAjAhMR8wHQYDVQQDDBZubzh3aXJl
IHRlc3QgYXV0aG9yaXR5MCAXDTIwMDEwMTAwMDAwMFoYDzIxMjAwMTAxMDAwMDAw
WjAUMRIwEAYDVQQDDAkxMjcuMC4wLjEwWTATBgcqhkjOPQIBBggqhkjOPQMBBwNC
AAS0TBh/suKG1zF+gzZ7l3MTlL3UC6xopOorfrjO/qSwKDPWXEH+9bLTzWcTkTEm
n6WiftX5d4N4Y6A6++wNZUXBo4GPMIGMMBoGA1UdEQQTMBGHBH8AAAGCCWxvY2Fs
aG9zdDAMBgNVHRMBAf8EAjAAMAsGA1UdDwQEAwIHgDATBgNVHSUEDDAKBggrBgEF
BQcDATAdBgNVHQ4EFgQU4JOSN9p+9mBtazYdVnelCxzbOnwwHwYDVR0jBBgwFoAU
/i+gDxH2vrWp7ylOSYSLJM/hNkUwCgYIKoZIzj0EAwIDSAAwRQIgcv3pXTl3jGCq
1F01iOkPrIDU9T/Il/qigRe00mOu2q4CIQCZpnYnpwonaudCXu5BtWfU2aEIPqgc
XZNDcxuaN154Uw==
-----END CERTIFICATE-----
`;

/** Its key. */
export const TLS_KEY = `-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgBZ36VoQd7wVQpHqq
UeHnYBUKlocyMmhGAK+JKlfJTYyhRANCAAS0TBh/suKG1zF+gzZ7l3MTlL3UC6xo
pOorfrjO/qSwKDPWXEH+9bLTzWcTkTEmn6WiftX5d4N4Y6A6++wNZUXB
-----END PRIVATE KEY-----
`;
