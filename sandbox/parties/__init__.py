"""The two other parties: a lockbox that delivers invoices and an ERP that books and pays them."""
