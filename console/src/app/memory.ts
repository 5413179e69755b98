/** What the browser remembers for the console. Storage may be forbidden: then nothing is kept. */

export function recall(name: string): string | null {
  try {
    return localStorage.getItem(`mainspring.${name}`)
  } catch {
    return null
  }
}

export function remember(name: string, value: string | null): void {
  try {
    if (value === null) localStorage.removeItem(`mainspring.${name}`)
    else localStorage.setItem(`mainspring.${name}`, value)
  } catch {
    // The choice then lasts as long as the page.
  }
}

/** Like {@link recall}, for this tab only: drafts that must survive signing in again. */
export function recallDraft<T>(name: string, fallback: T): T {
  try {
    const text = sessionStorage.getItem(`mainspring.${name}`)
    return text === null ? fallback : (JSON.parse(text) as T)
  } catch {
    return fallback
  }
}

export function rememberDraft(name: string, value: unknown): void {
  try {
    sessionStorage.setItem(`mainspring.${name}`, JSON.stringify(value))
  } catch {
    // A draft too large to keep is only lost when the page is left.
  }
}

/** Forget every draft of this tab, as signing out must. */
export function forgetDrafts(): void {
  try {
    for (const name of Object.keys(sessionStorage)) {
      if (name.startsWith('mainspring.')) sessionStorage.removeItem(name)
    }
  } catch {
    // Nothing was kept.
  }
}
