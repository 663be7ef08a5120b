var express = require('express');
var router = express.Router();

function show(view, title) {
  return function(req, res) {
    res.render('notes/' + view, { title: title, words: req.query.q || '' });
  };
}

router.get('/', show('list', 'All notes'));
router.get('/desk', show('desk', 'Desk'));
router.get('/search', show('search', 'Search'));
router.get('/write', show('write', 'Write'));
router.get('/thanks', show('thanks', 'Thank you'));
router.get('/tip', show('tip', 'A tip'));

router.get('/old', function(req, res) {
  res.redirect('/notes/1');
});

router.post('/', function(req, res) {
  res.redirect(303, '/notes/thanks');
});

router.get('/:id(\\d+)', function(req, res) {
  res.render('notes/note', { title: 'Note ' + req.params.id, id: Number(req.params.id) });
});

module.exports = router;
