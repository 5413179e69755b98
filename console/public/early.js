// Runs before the first paint, so that a dark screen never flashes white. It is a file of its own
// because the content security policy allows no inline script. `src/app/theme.ts` takes over later.
;(() => {
  let choice = null
  try {
    choice = localStorage.getItem('mainspring.theme')
  } catch {
    // Storage may be forbidden; the system's choice then decides.
  }
  const dark =
    choice === 'dark' || (choice !== 'light' && matchMedia('(prefers-color-scheme: dark)').matches)
  document.documentElement.dataset.theme = dark ? 'dark' : 'light'
})()
