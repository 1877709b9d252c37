//! A map that forgets what was not used for long, so that it never holds more than it may.
//!
//! Two halves: what was used lately is in the young one. When that is full, it becomes the old one,
//! and what was in the old one, unused since, is forgotten. Nothing is ordered by use, so looking
//! something up costs no more than in an ordinary map.

use super::entry::Id;
use rustc_hash::FxHashMap;

/// The map.
#[derive(Debug)]
pub struct Recent<V> {
    young: FxHashMap<Id, V>,
    old: FxHashMap<Id, V>,
    half: usize,
    /// How many entries were forgotten.
    pub forgotten: u64,
}

impl<V> Recent<V> {
    /// An empty map of at most so many entries.
    pub fn new(entries_max: usize) -> Recent<V> {
        let half = (entries_max / 2).max(1);
        Recent { young: FxHashMap::default(), old: FxHashMap::default(), half, forgotten: 0 }
    }

    /// How many entries it holds.
    pub fn len(&self) -> usize {
        self.young.len() + self.old.len()
    }

    /// Whether it holds none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Every entry, in no order that means something.
    pub fn values(&self) -> impl Iterator<Item = &V> {
        self.young.values().chain(self.old.values())
    }

    /// An entry, without using it.
    pub fn get(&self, id: Id) -> Option<&V> {
        self.young.get(&id).or_else(|| self.old.get(&id))
    }

    /// An entry that was used just before.
    pub fn get_mut(&mut self, id: Id) -> Option<&mut V> {
        self.young.get_mut(&id)
    }

    /// Makes room for an entry, if it is not there: what is forgotten for it.
    pub fn make_room(&mut self, id: Id) -> Vec<V> {
        if self.young.len() < self.half || self.young.contains_key(&id) {
            return Vec::new();
        }
        let young = std::mem::take(&mut self.young);
        let mut dropped = std::mem::replace(&mut self.old, young);
        // What is asked for is used, so it stays.
        if let Some(value) = dropped.remove(&id) {
            self.young.insert(id, value);
        }
        self.forgotten += dropped.len() as u64;
        dropped.into_values().collect()
    }

    /// An entry, made if it is not there. [`Recent::make_room`] comes before.
    pub fn use_or_make(&mut self, id: Id, make: impl FnOnce() -> V) -> &mut V {
        let old = &mut self.old;
        self.young.entry(id).or_insert_with(|| match old.is_empty() {
            true => make(),
            false => old.remove(&id).unwrap_or_else(make),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn used(map: &mut Recent<u64>, id: u64) -> Vec<u64> {
        let dropped = map.make_room(Id(id));
        map.use_or_make(Id(id), || id);
        dropped
    }

    #[test]
    fn what_is_used_stays_and_the_rest_is_forgotten() {
        let mut map = Recent::new(8);
        let mut dropped = Vec::new();
        for id in 0..1000 {
            dropped.extend(used(&mut map, id));
            dropped.extend(used(&mut map, 7_000));
            assert!(map.len() <= 8, "{} entries", map.len());
        }
        assert!(map.get(Id(7_000)).is_some() && map.get(Id(999)).is_some());
        assert!(!dropped.contains(&7_000), "it was used all the time");
        assert_eq!(map.forgotten, dropped.len() as u64);
        assert_eq!(dropped.len() + map.len(), 1001, "everything is held or was handed back");
    }

    #[test]
    fn what_is_used_again_just_before_it_would_be_forgotten_stays_as_it_was() {
        let mut map = Recent::new(8);
        used(&mut map, 0);
        *map.get_mut(Id(0)).unwrap() = 100;
        assert!((1..8).all(|id| used(&mut map, id).is_empty()));
        let mut dropped = used(&mut map, 0);
        dropped.sort_unstable();
        assert_eq!((dropped, map.get(Id(0))), (vec![1, 2, 3], Some(&100)));
    }

    #[test]
    fn nothing_is_forgotten_while_there_is_room() {
        let mut map = Recent::new(8);
        assert!((0..4).all(|id| used(&mut map, id).is_empty()));
        assert!((0..4).all(|id| used(&mut map, id).is_empty()));
        assert_eq!((map.len(), map.forgotten), (4, 0));
    }
}
