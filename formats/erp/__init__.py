"""The ERP's side: approved invoices as posting files, by templates that a customer can replace, and payments back."""
