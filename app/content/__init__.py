"""Contents: documents, editing, versions, lists, the trash and exports."""
