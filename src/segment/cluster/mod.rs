//! *Which customers are alike?* One algorithm a file: options → job → result with diagnostics.
