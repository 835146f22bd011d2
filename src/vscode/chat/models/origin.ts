/** `https://api.example.com:8443`: the service behind a URL; undefined for what is no URL of a service. */
export function originOf(baseUrl: string): string | undefined {
  const url = URL.canParse(baseUrl) ? new URL(baseUrl) : undefined;
  return url?.protocol === 'http:' || url?.protocol === 'https:' ? url.origin : undefined;
}
