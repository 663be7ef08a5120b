/** @type {{ order: string, name: string } | null} */
const placed = JSON.parse(sessionStorage.getItem('moss-kettle-order') ?? 'null');
const order = document.querySelector('#order');
const who = document.querySelector('#who');
if (placed !== null && order !== null && who !== null) {
  order.textContent = placed.order;
  who.textContent = `, ${placed.name.split(' ')[0]}`;
}
