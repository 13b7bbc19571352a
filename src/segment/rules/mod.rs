//! *Who meets this condition?* A rule as text, as a tree, as JSON, and its three-valued answer for every row.
