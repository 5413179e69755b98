/** Give this document a CSRF cookie, as signing in does; `null` takes it away. */
export function setCsrfCookie(value: string | null): void {
  const end = value === null ? '; expires=Thu, 01 Jan 1970 00:00:00 GMT' : ''
  // biome-ignore lint/suspicious/noDocumentCookie: jsdom has no Cookie Store API
  document.cookie = `mainspring_csrf=${value ?? ''}${end}`
}
