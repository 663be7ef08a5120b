import { createRouter, createWebHistory } from 'vue-router'
import HomeView from '../views/HomeView.vue'

const router = createRouter({
  history: createWebHistory(import.meta.env.BASE_URL),
  routes: [
    {
      path: '/',
      name: 'home',
      component: HomeView,
    },
    {
      path: '/about',
      name: 'about',
      // route level code-splitting
      // this generates a separate chunk (About.[hash].js) for this route
      // which is lazy-loaded when the route is visited.
      component: () => import('../views/AboutView.vue'),
    },
    {
      path: '/notes',
      component: () => import('../views/notes/NotesShell.vue'),
      children: [
        { path: '', component: () => import('../views/notes/NotesList.vue') },
        { path: 'desk', component: () => import('../views/notes/DeskView.vue') },
        { path: 'search', component: () => import('../views/notes/SearchView.vue') },
        { path: 'write', component: () => import('../views/notes/WriteView.vue') },
        { path: 'thanks', component: () => import('../views/notes/ThanksView.vue') },
        { path: 'old', redirect: '/notes/1' },
        { path: ':id(\\d+)', component: () => import('../views/notes/NoteView.vue') },
      ],
    },
  ],
})

export default router
