//! Whether a fact is true of an order, told from the record alone and from nothing that the code
//! under test has followed.

mod order;
mod reasons;
mod said;
mod time;

pub(crate) use order::Order;
pub(crate) use time::in_time;
