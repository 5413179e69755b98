import { fileURLToPath } from 'node:url'
import tailwindcss from '@tailwindcss/vite'
import react from '@vitejs/plugin-react'
import { defineConfig } from 'vitest/config'

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url))

/** Where `npm run dev` finds the API; the platform's default port unless told otherwise. */
const control = process.env.MAINSPRING_URL ?? 'http://127.0.0.1:8090'

/** Libraries that only the charts need; they follow once the page stands. */
const CHARTS =
  /node_modules[\\/](recharts|victory-vendor|d3-|@reduxjs|redux|immer|reselect|react-redux|decimal|es-toolkit|internmap)/

// What comes with the palette and with long lists follows when one of them is opened.
const LATER = /node_modules[\\/](cmdk|@tanstack[\\/](react-virtual|virtual-core))[\\/]/
const onFirstPage = (id: string) =>
  id.includes('node_modules') && !CHARTS.test(id) && !LATER.test(id)

export default defineConfig({
  plugins: [react(), tailwindcss()],
  resolve: {
    alias: {
      '@': here('./src'),
      // Radix' scroll lock writes a <style> element, which our content security policy refuses.
      'react-style-singleton': here('./src/ui/style-singleton.ts'),
    },
  },
  build: {
    outDir: here('../src/mainspring/app/console_static'),
    emptyOutDir: true,
    manifest: true,
    // scripts/check-bundle.mjs holds the budgets that matter: what a visitor waits for.
    chunkSizeWarningLimit: 700,
    target: 'es2023',
    // Nothing becomes a data: address; the content security policy allows 'self' only.
    assetsInlineLimit: 0,
    rolldownOptions: {
      output: {
        // One file for what changes with our dependencies, one for what every page shares: few
        // requests, and an upgrade of ours leaves the large file in the visitor's cache.
        codeSplitting: {
          groups: [
            { name: 'vendor', test: onFirstPage, priority: 2 },
            {
              name: 'shared',
              test: /src[\\/](ui[\\/](?!virtual-table|list-card)|format|api|i18n[\\/][a-z-]+\.ts)/,
              priority: 1,
            },
          ],
        },
      },
    },
  },
  server: {
    host: '127.0.0.1',
    proxy: { '/api': { target: control, changeOrigin: false } },
  },
  test: {
    environment: 'jsdom',
    setupFiles: ['./src/testing/setup.ts'],
    restoreMocks: true,
  },
})
