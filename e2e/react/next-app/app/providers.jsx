'use client';
import { PXProvider } from '@px-platform/react';
import { NextPageViews } from '@px-platform/react/next';
import PX from '@px-platform/sdk';

/** The test tells the page where the collector stands; a server has no window, and measures nothing. */
const endpoint = typeof window === 'undefined' ? '' : window.collectorUrl;
const options = { apiKey: 'px_pub_test_path', projectId: 'path', endpoint, flush: { maxWaitMs: 50 } };

export function Providers({ children }) {
  return (
    <PXProvider options={options} pageViews={<NextPageViews />}>
      {children}
    </PXProvider>
  );
}

/** A second project, which counts a changed query as a page. */
export function QueryProviders({ children }) {
  const other = { ...options, apiKey: 'px_pub_test_query', projectId: 'query' };
  return (
    <PXProvider px={PX.instance('query')} options={other} pageViews={<NextPageViews pageKey="query" />}>
      {children}
    </PXProvider>
  );
}
