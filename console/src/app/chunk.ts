/** Code that loads when it is first needed, and may be gone by then. */

/**
 * After an upgrade a page opened before may name a chunk that is gone; loading the page anew finds
 * its successor. Until the new page stands the import stays pending, so that what waits for it
 * shows its placeholder and not an error. Once per chunk: one that is truly missing must not loop,
 * its error goes to whoever asked.
 */
export function chunk<T>(load: () => Promise<T>): () => Promise<T> {
  return () => load().catch(loadAnew)
}

function loadAnew(error: unknown): Promise<never> {
  const mark = `mainspring.reloaded.${error instanceof Error ? error.message : String(error)}`
  if (sessionStorage.getItem(mark)) throw error
  sessionStorage.setItem(mark, '1')
  // Without a network, loading anew would replace the page by the browser's own error.
  if (navigator.onLine) location.reload()
  else window.addEventListener('online', () => location.reload(), { once: true })
  return new Promise(() => {})
}
