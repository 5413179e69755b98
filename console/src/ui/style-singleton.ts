/**
 * Stands in for the package `react-style-singleton`, which Radix' scroll lock uses to add rules
 * while a dialog is open. The original appends a `<style>` element, which our content security
 * policy refuses; a constructed style sheet does the same and needs no exception.
 */
import { useEffect } from 'react'

interface StylesheetSingleton {
  add(css: string): void
  remove(): void
}

/** Return a sheet that is adopted while at least one user holds it. */
export function stylesheetSingleton(): StylesheetSingleton {
  let users = 0
  let sheet: CSSStyleSheet | null = null
  return {
    add(css) {
      if (users === 0) {
        sheet = new CSSStyleSheet()
        sheet.replaceSync(css)
        document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet]
      }
      users += 1
    },
    remove() {
      users -= 1
      if (users === 0) {
        document.adoptedStyleSheets = document.adoptedStyleSheets.filter((one) => one !== sheet)
        sheet = null
      }
    },
  }
}

/** Return a hook that holds the sheet for as long as its component is mounted. */
export function styleHookSingleton(): (css: string, dynamic?: boolean) => void {
  const sheet = stylesheetSingleton()
  return (css, dynamic) => {
    // The first user's rules win, as in the original; only `dynamic` users may replace them.
    const version = dynamic ? css : null
    // biome-ignore lint/correctness/useExhaustiveDependencies: see above
    useEffect(() => {
      sheet.add(css)
      return () => sheet.remove()
    }, [version])
  }
}

/** Return a component that holds the sheet for as long as it is mounted. */
export function styleSingleton() {
  const useStyle = styleHookSingleton()
  return function Sheet({ styles, dynamic }: { styles: string; dynamic?: boolean }) {
    useStyle(styles, dynamic)
    return null
  }
}
