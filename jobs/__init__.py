"""The one owner of the job tables: states, transitions, dispatch, verbs and reads."""
