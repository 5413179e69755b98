import { QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { RouterProvider } from '@tanstack/react-router'
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { onSessionExpired, worthRetrying } from '@/api/client'
import { sessionQuery } from '@/api/queries'
import { makeRouter } from '@/app/router'
import { startTheme } from '@/app/theme'
import { startI18n } from '@/i18n'
import { ToastProvider } from '@/ui/toast'
import { TooltipProvider } from '@/ui/tooltip'
import './styles/index.css'

const queries = new QueryClient({
  defaultOptions: {
    queries: { retry: worthRetrying, refetchOnWindowFocus: true, staleTime: 5_000 },
  },
})
const router = makeRouter(queries)

// An ended session leads to the sign-in page, and from there back to this very address.
onSessionExpired(() => {
  if (router.state.location.pathname === '/login') return
  queries.setQueryData(sessionQuery.queryKey, null)
  router.navigate({ to: '/login', search: { next: router.state.location.href } })
})

startTheme()
await startI18n()

const host = document.getElementById('root')
if (!host) throw new Error('index.html has no #root')
createRoot(host).render(
  <StrictMode>
    <QueryClientProvider client={queries}>
      <TooltipProvider delayDuration={400}>
        <ToastProvider>
          <RouterProvider router={router} />
        </ToastProvider>
      </TooltipProvider>
    </QueryClientProvider>
  </StrictMode>,
)
