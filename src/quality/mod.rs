//! *What is wrong with the data, and what would mend it?*
