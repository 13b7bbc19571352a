//! The straight line from a table to what leaves the house: the only place that knows the order of the rooms.
