# Python imports this before anything else (PYTHONPATH). Moto judges the policies of
# buckets, but evaluates no condition in them: "deny what comes without TLS" would deny
# everything. A denial on a condition is left out.
try:
    from moto.iam import access_control
except ImportError:
    access_control = None

if access_control:
    judge = access_control.IAMPolicyStatement.is_action_permitted

    def is_action_permitted(self, *args, **kwargs):
        if self._statement.get("Effect") == "Deny" and self._statement.get("Condition"):
            return access_control.PermissionResult.NEUTRAL
        return judge(self, *args, **kwargs)

    access_control.IAMPolicyStatement.is_action_permitted = is_action_permitted
